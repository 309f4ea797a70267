import { z } from 'zod'
import { carriedRoles } from '../../run/data-roles.ts'
import { contested, inactive } from './override-rules.ts'
import { action, maxShare, of, sqlCondition } from './rule-keys.ts'

const required = z.strictObject({
  rule: z.literal('required').describe('Columns that must not be empty.'),
  of,
  columns: z.array(z.string()).min(1).optional().describe('The columns. Default: the required ones of the role.'),
  do: action(['drop', 'quarantine', 'fail']).default('drop'),
  maxShare,
})

const types = z.strictObject({
  rule: z.literal('types').describe('Values that do not fit the type of their column.'),
  of,
  do: action(['drop', 'quarantine', 'fail', 'fix'], 'leaves the value empty').default('quarantine'),
  maxShare,
})

const range = z.strictObject({
  rule: z.literal('range').describe('Values outside a range. An empty value does not match.'),
  of,
  column: z.string().describe('A column of numbers.'),
  above: z.number().optional().describe('Keep values above this.'),
  atLeast: z.number().optional().describe('Keep values of at least this.'),
  below: z.number().optional().describe('Keep values below this.'),
  atMost: z.number().optional().describe('Keep values of at most this.'),
  do: action(['drop', 'quarantine', 'fail', 'fix'], 'sets the value to the bound; needs atLeast or atMost'),
  maxShare,
})

const value = z.union([z.string(), z.number(), z.boolean()])
const allowed = z.strictObject({
  rule: z.literal('allowed').describe('Values that are not in a list. An empty value does not match.'),
  of,
  column: z.string().describe('The column.'),
  values: z.array(value).min(1).describe('The values that may stand there.'),
  to: z
    .union([value, z.null()])
    .optional()
    .describe('With `fix`: what stands there instead; null leaves the value empty.'),
  do: action(['drop', 'quarantine', 'fail', 'fix'], 'replaces the value by `to`'),
  maxShare,
})

const pattern = z.strictObject({
  rule: z.literal('pattern').describe('Texts that a regular expression does not match as a whole. Empty: no match.'),
  of,
  column: z.string().describe('A column of text.'),
  matches: z.string().min(1).describe('A regular expression (RE2): `[A-Z]{2}`.'),
  do: action(['drop', 'quarantine', 'fail', 'fix'], 'leaves the value empty'),
  maxShare,
})

const future = z.strictObject({
  rule: z
    .literal('future')
    .describe('Instants and dates at or after the as-of in attributes: nobody could know them then.'),
  of,
  columns: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('The columns. Default: every column of instants or dates except occurred_at.'),
  do: action(['drop', 'quarantine', 'fail', 'fix'], 'leaves the value empty').default('fix'),
  maxShare,
})

const duplicates = z.strictObject({
  rule: z
    .literal('duplicates')
    .describe('Rows equal to another one in every column, or, with `by`, in these. One of them stays.'),
  of,
  by: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Columns that tell rows apart. Rows where one of them is empty do not match. Default: every column.'),
  keep: z
    .enum(['first', 'last', 'highest'])
    .optional()
    .describe('With `by`: which row stays; by `column`, then by every column. Default: last.'),
  column: z
    .string()
    .optional()
    .describe('With `by`: the column that decides. Default for first and last: occurred_at.'),
  do: action(['drop', 'quarantine', 'fail']).default('drop'),
  maxShare,
})

const cancellations = z.strictObject({
  rule: z.literal('cancellations').describe('Transactions that cancel or return an order.'),
  when: sqlCondition
    .optional()
    .describe('Which lines: `{ sql: "order_id like \'C%\'" }`. Default: those whose amount is below 0.'),
  do: z
    .enum(['drop', 'net', 'keep'])
    .describe(
      '`drop` rejects them; `keep` keeps them as returns with negative amounts; `net` takes each from the purchase that it returns, and keeps those without one as returns.',
    ),
  match: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'With `net`: columns in which a return equals its purchase. Default: customer_id, and product where it is mapped.',
    ),
  maxShare,
})

const testCustomers = z.strictObject({
  rule: z
    .literal('testCustomers')
    .describe('Customers of tests and staff. All their rows go, in every role; at least one of ids, pattern, when.'),
  of,
  ids: z.array(z.string()).min(1).optional().describe('Their ids.'),
  pattern: z.string().min(1).optional().describe('A regular expression (RE2) that matches their whole id.'),
  when: sqlCondition.optional().describe('A condition: customers with a row of the role that meets it.'),
  do: action(['drop', 'quarantine']).default('drop'),
  maxShare,
})

const stale = z.strictObject({
  rule: z.literal('stale').describe('Attributes that are too old to be believed.'),
  of,
  column: z.string().describe('When the row was last known to be true: a column of instants or dates.'),
  olderThan: z
    .string()
    .regex(/^[1-9]\d* (days|weeks|months|years)$/)
    .describe('How long before the as-of is too old: `24 months`.'),
  columns: z.array(z.string()).min(1).optional().describe('With `fix`: the attributes that are left empty.'),
  do: action(['drop', 'quarantine', 'fix'], 'leaves `columns` empty'),
  maxShare,
})

const outliers = z.strictObject({
  rule: z
    .literal('outliers')
    .describe('Values far from all others, by bounds over all rows that no rule before this one rejects.'),
  of,
  column: z.string().describe('A column of numbers.'),
  quantiles: z
    .strictObject({
      lower: z.number().gt(0).max(0.5).optional().describe('Bound below: this quantile, up to 0.5.'),
      upper: z.number().min(0.5).lt(1).optional().describe('Bound above: this quantile, from 0.5.'),
    })
    .optional()
    .describe('Bounds are values of the data: the smallest that at least this share of the rows does not exceed.'),
  madTimes: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe('Bounds are so many median absolute deviations from the median; where that is 0, nothing matches.'),
  do: action(['drop', 'quarantine', 'fix'], 'sets the value to the bound'),
  maxShare,
})

const inconsistent = z.strictObject({
  rule: z
    .literal('inconsistent')
    .describe(
      'One customer, several values of an attribute: rows with another than the most frequent, of these the latest, match.',
    ),
  of,
  column: z.string().describe('The attribute.'),
  latestBy: z.string().optional().describe('Column of instants that tells the latest. Default: occurred_at, if any.'),
  do: action(['drop', 'quarantine', 'fix'], 'gives it the value that the customer has elsewhere'),
  maxShare,
})

const unmatched = z.strictObject({
  rule: z.literal('unmatched').describe('Rows of customers that have no clean row in transactions or customers.'),
  of: z
    .enum(carriedRoles)
    .describe('Role: events, survey, tickets, touches or overrides. Each of them has this rule, with drop, by itself.'),
  do: action(['drop', 'quarantine', 'fail']).default('drop'),
  maxShare,
})

const ownRule = z.strictObject({
  rule: z.literal('sql').describe('Rows that meet a condition of your own.'),
  of,
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/)
    .describe('Name in counts and rejects: `staff_orders`.'),
  when: sqlCondition.describe('Which rows: `{ sql: "channel = \'staff\'" }`.'),
  do: action(['drop', 'quarantine', 'fail']),
  maxShare,
})

/** A row is rejected by the first rule that matches it and rejects, and counted by every rule that matches it. */
export const cleanseRule = z
  .discriminatedUnion('rule', [
    required,
    types,
    range,
    allowed,
    pattern,
    future,
    duplicates,
    cancellations,
    testCustomers,
    stale,
    outliers,
    inconsistent,
    unmatched,
    inactive,
    contested,
    ownRule,
  ])
  .describe('One rule: what it looks for and what it does.')

export type CleanseRule = z.infer<typeof cleanseRule>

/** No stage after this one sees an empty key. */
export const cleanseConfig = z
  .array(cleanseRule)
  .default([])
  .describe(
    'Rules, in order. Each role begins with `required` (its required columns) and `types`, unless the list names them.',
  )

export type CleanseConfig = z.infer<typeof cleanseConfig>
