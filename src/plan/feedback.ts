import { z } from 'zod'

/** At once, of a file or a table. */
export const MOST_JUDGEMENTS = 1_000

const name = (what: string) => z.string().trim().min(1).max(120).describe(what)
const said = {
  note: z.string().trim().max(500).default('').describe('What else there is to say. Default: nothing.'),
  by: z.string().trim().min(1).max(100).describe('Who says so.'),
}

const ofSegment = z
  .strictObject({
    segment: name('A segment, by its key or its name.'),
    judgement: z
      .enum(['useful', 'wrong', 'note'])
      .describe('`useful`: worth treating apart; `wrong`: it does not hold together; `note`: neither.'),
    ...said,
  })
  .describe('What somebody says of a segment.')

const ofCustomer = z
  .strictObject({
    customer: z
      .string()
      .min(1)
      .max(200)
      .describe("The customer's id, as in the source; in quotes when it is a number."),
    belongsIn: name('The segment where the customer belongs, by its key or its name.').optional(),
    ...said,
  })
  .describe('A customer is in the wrong segment.')

/** A file of judgements for `resegment feedback add`. */
export const feedbackConfig = z
  .strictObject({
    feedback: z
      .array(z.union([ofSegment, ofCustomer]))
      .min(1)
      .max(MOST_JUDGEMENTS)
      .describe('One entry a judgement.'),
  })
  .describe('What marketers say of segments, and of customers in them.')

export type WrittenFeedback = z.infer<typeof feedbackConfig>['feedback'][number]
