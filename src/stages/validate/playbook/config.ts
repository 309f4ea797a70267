import { z } from 'zod'
import { characters, salesPriorities } from '../../../run/segment-plan.ts'

const text = (meaning: string) => z.string().min(1).max(500).optional().describe(meaning)

const playConfig = z
  .strictObject({
    message: text('What is said to them.'),
    messaging: text('How it is said: tone, and what not to say.'),
    offer: text('What they are offered.'),
    channels: z.array(z.string().min(1).max(50)).min(1).max(10).optional().describe('Where, the preferred first.'),
    content: z
      .array(
        z.strictObject({
          asset: z.string().min(1).max(200).describe('Content that there is: a title, or where it is.'),
          for: z.string().min(1).max(200).describe('What it is for.'),
        }),
      )
      .max(50)
      .optional()
      .describe('Which content belongs to them.'),
    journey: z
      .array(
        z.strictObject({
          stage: z.string().min(1).max(100).describe('A step on their way, such as second order.'),
          touchpoints: z.array(z.string().min(1).max(100)).min(1).max(10).describe('Where they are met.'),
          trigger: z.string().min(1).max(200).describe('What sets it off: 30 days without an order.'),
        }),
      )
      .max(20)
      .optional()
      .describe('Their way, step by step.'),
    salesPriority: z.enum(salesPriorities).optional().describe('How early a sales team turns to them.'),
    territory: text('Which region or team sells to them.'),
    account: text('How single accounts are looked after.'),
  })
  .describe(
    'What is to be done with the customers of a segment. What is left out is what such customers usually are given.',
  )

/** `playbook` of a pipeline. */
export const playbookConfig = z
  .strictObject({
    segments: z.record(z.string(), playConfig).default({}).describe('By segment: its name, or its key such as shop-3.'),
    characters: z
      .partialRecord(z.enum(characters), playConfig)
      .default({})
      .describe('For every segment of that character that says nothing itself.'),
  })
  .describe('What is to be done with each segment; published as view segment_playbook. No customer moves by it.')

export type Playbook = z.infer<typeof playbookConfig>
