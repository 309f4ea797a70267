import { z } from 'zod'
import { OWN_KEY } from '../own-key.ts'

const name = z.string().trim().min(1).max(80)
const key = z.string().regex(OWN_KEY)

export const rulesConfig = z
  .strictObject({
    method: z.literal('rules').describe('Segments by named conditions over features.'),
    rules: z
      .array(
        z.strictObject({
          name: name.describe('Name of the segment: `Key accounts`.'),
          key: key
            .optional()
            .describe(
              'What the segment is known by for ever, so that it may be renamed. Default: the name in lower case, `key_accounts`.',
            ),
          when: z
            .string()
            .min(1)
            .max(2000)
            .describe(
              "The condition: `monetary >= 5000 and recency < 90`, `country in ('DE', 'AT')`, `birthday is missing`.",
            ),
        }),
      )
      .min(1)
      .max(50)
      .describe('In order: a customer belongs to the first rule that is true.'),
    overlapping: z
      .boolean()
      .default(false)
      .describe('true: customers are also in the segments of all further rules that are true of them.'),
    otherwise: z
      .union([name, z.strictObject({ name, key })])
      .default('Others')
      .describe('The segment of those for whom no rule is true: its name, or `{ key, name }`.'),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Has no effect: rules draw nothing.'),
  })
  .describe('Rules: every segment is a condition.')

export type RulesConfig = z.infer<typeof rulesConfig>
