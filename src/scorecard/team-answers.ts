import { z } from 'zod'

const answer = z
  .strictObject({
    answer: z.enum(['yes', 'partly', 'no']).describe('Whether it is so.'),
    note: z.string().trim().min(1).max(300).optional().describe('By what one can tell.'),
    by: z.string().trim().min(1).max(100).describe('Who says so.'),
    on: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe('When it was said, `2026-11-22`; after a year it is asked again.'),
  })
  .describe('What the team says where the data cannot tell.')

/** `scorecard.yaml`, beside `resegment.yaml`. */
export const teamAnswersConfig = z
  .strictObject({
    answers: z
      .partialRecord(z.enum(Array.from({ length: 18 }, (_, index) => String(index + 1))), answer)
      .describe('Number of the question → the answer.'),
  })
  .describe('Answers to the questions of the scorecard that no data answers.')

export type Answer = z.infer<typeof answer>
export type TeamAnswers = z.infer<typeof teamAnswersConfig>
