import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { CarriedRole } from '../../run/data-roles.ts'
import type { RecordedChange } from './judge-rows.ts'
import { SOURCE_NAME, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

/** Columns of the fixes file, in the order that makes it total. */
export const FIX_COLUMNS = ['role', 'source_name', 'customer_id', 'row_key', 'column_name', 'before', 'after', 'rule']

/** A file without fixes has its columns all the same. */
export const NO_FIXES = `select ${FIX_COLUMNS.map((name) => `cast(null as varchar) as ${name}`).join(', ')} where false`

/** What tells a row of a role apart, for people. */
const ROW_KEYS = ['order_id', 'ticket_id', 'session_id', 'event', 'question', 'campaign']

/** The columns of the fixes that say which row of table `judged` it was. */
export function fixIdentity(role: CarriedRole, mapped: readonly RawColumn[]): string {
  const key = ROW_KEYS.find((name) => mapped.some((column) => column.name === name))
  const rowKey = key ? `coalesce(judged.${quoteName(key)}, '')` : "''"
  return `${quoteText(role)} as role, judged.${quoteName(SOURCE_NAME)} as source_name, judged.customer_id, ${rowKey} as row_key`
}

/** What a rule changed in rows that stayed. An unreadable value is told under the name of its column. */
export function fixesQuery(
  role: CarriedRole,
  ruleName: string,
  mapped: readonly RawColumn[],
  { column, before, after }: RecordedChange,
): string {
  const name = column === TYPE_FAULTS ? `split_part(${before}, ${quoteText("='")}, 1)` : quoteText(column)
  return `
    select ${fixIdentity(role, mapped)}, ${name} as column_name, ${before} as before, ${after} as after, ${quoteText(ruleName)} as rule
    from judged
    where __verdict is null and ${before} is distinct from ${after}`
}
