import { z } from 'zod'
import { carriedRoles } from '../../run/data-roles.ts'

/** Whose rows a rule looks at. */
export const of = z
  .enum(carriedRoles)
  .optional()
  .describe('Role whose rows the rule is about. Default: transactions, or customers where there are none.')
export const maxShare = z
  .number()
  .min(0)
  .max(1)
  .optional()
  .describe("Largest share of the role's rows (0 to 1) that may match; above it the run fails. Default: no limit.")
export const sqlCondition = z.strictObject({
  sql: z.string().min(1).describe("A condition in DuckDB's SQL over the canonical columns."),
})

const actions = {
  drop: '`drop` moves the row to the rejects',
  quarantine: '`quarantine` moves it there too, for somebody to look at',
  fail: '`fail` ends the run when a row matches',
  fix: '`fix` keeps the row',
} as const
type ActionName = keyof typeof actions

/** @param fixed what `fix` does to the value */
export function action<const Names extends readonly ActionName[]>(names: Names, fixed = '') {
  const sentences = names.map((name) => (name === 'fix' ? `${actions.fix} and ${fixed}` : actions[name]))
  return z.enum(names).describe(`${sentences.join('; ')}.`)
}
