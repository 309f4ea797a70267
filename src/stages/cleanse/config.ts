import { z } from 'zod'

const maxShare = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .describe('Largest share of all rows (0 to 1) that the rule may match; above it the run fails. Default: no limit.')
const sqlCondition = z.strictObject({
  sql: z.string().min(1).describe("A condition in DuckDB's SQL over the canonical columns."),
})
const drop = z.literal('drop').describe('`drop` moves the row to the rejects.')

/** Rules run in order; a row is rejected by the first rule that matches it, and counted by every rule that matches it. */
export const cleanseRule = z
  .discriminatedUnion('rule', [
    z.strictObject({
      rule: z.literal('required').describe('Columns that must not be empty.'),
      columns: z
        .array(z.string())
        .min(1)
        .default(['customer_id', 'occurred_at', 'order_id', 'amount'])
        .describe('The columns.'),
      do: z.enum(['drop', 'quarantine', 'fail']).default('drop').describe('What happens to a matching row.'),
      maxShare,
    }),
    z.strictObject({
      rule: z.literal('types').describe('Values that do not fit the type of their column.'),
      do: z.enum(['drop', 'quarantine', 'fail']).default('quarantine').describe('What happens to a matching row.'),
      maxShare,
    }),
    z.strictObject({
      rule: z.literal('duplicates').describe('Rows equal to an earlier one in every mapped column.'),
      do: drop.default('drop'),
      maxShare,
    }),
    z.strictObject({
      rule: z.literal('cancellations').describe('Lines that cancel or return an order.'),
      when: sqlCondition.describe('Which lines: `{ sql: "order_id like \'C%\'" }`.'),
      do: z
        .enum(['drop', 'net'])
        .describe('`drop` rejects them; `net` keeps them as amounts that reduce spend, without counting as orders.'),
      maxShare,
    }),
    z.strictObject({
      rule: z.literal('range').describe('Values outside a range. An empty value does not match.'),
      column: z.string().describe('A canonical column holding numbers.'),
      above: z.number().optional().describe('Keep values above this.'),
      atLeast: z.number().optional().describe('Keep values of at least this.'),
      below: z.number().optional().describe('Keep values below this.'),
      atMost: z.number().optional().describe('Keep values of at most this.'),
      do: z.enum(['drop', 'quarantine', 'fail']).describe('What happens to a matching row.'),
      maxShare,
    }),
  ])
  .describe('One rule: what it looks for and what it does.')

export type CleanseRule = z.infer<typeof cleanseRule>

/** `required` and `types` are added in front when the list does not name them: no stage after this one sees an empty key. */
export const cleanseConfig = z.array(cleanseRule).default([]).describe('Rules, in order.')

export type CleanseConfig = z.infer<typeof cleanseConfig>
