import { z } from 'zod'

/** Longer lists would not fit beside the rest of a definition, and belong where they can be edited. */
const MOST_WRITTEN = 200

const override = z
  .strictObject({
    customer: z
      .string()
      .min(1)
      .max(200)
      .describe("The customer's id, as in the source; in quotes when it is a number."),
    segment: z
      .string()
      .min(1)
      .max(120)
      .describe(
        'Where the customer belongs: a segment_key, a name of a segment, or the key that a definition gives it.',
      ),
    reason: z.string().trim().min(1).max(200).describe('Why; published as the reason of the membership.'),
    author: z.string().trim().min(1).max(100).describe('Who says so.'),
    expires: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/)
      .optional()
      .describe(
        'Until when, not including: a date (the start of that day in the zone of the pipeline), or an instant with its offset. Absent: until it is removed.',
      ),
  })
  .describe('A person puts a customer into a segment.')

export const overridesConfig = z
  .array(override)
  .max(MOST_WRITTEN)
  .describe('Customers that people put into segments, whatever the method says of them; one entry a customer.')
