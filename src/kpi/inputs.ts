import type { DataRole } from '../run/data-roles.ts'
import type { ClosedPeriod } from '../run/segment-kpi.ts'
import { quoteText } from '../sql/sql-text.ts'
import type { KpiSettings } from './config.ts'

export interface KpiInputs {
  /** Table with bucket, customer_id and segment_key of every customer of the run. */
  readonly members: string
  /** SQL condition on `bucket`: whose rows the relations hold. */
  readonly ofShard: string
  /** Columns of the clean rows by role; the rows are in a relation named after the role. */
  readonly columns: Readonly<Partial<Record<DataRole, readonly string[]>>>
  /** Whether only customers with a purchase are in the run: then each is a member from the first one on. */
  readonly isOfBuyers: boolean
  /** Table and column of forecasts of customers. Null: the run has none. */
  readonly predicted: { readonly table: string; readonly column: string } | null
  /** The newest first, each beginning where the one after it ends; the last is only looked back at. */
  readonly periods: readonly ClosedPeriod[]
  readonly settings: KpiSettings
}

/** What revenue is attributed by; null: nothing says. */
export function attributionOf({
  columns,
  settings,
}: Pick<KpiInputs, 'columns' | 'settings'>): 'orders' | 'touches' | null {
  const { by = columns.transactions ? 'orders' : 'touches' } = settings.attribution
  const isThere = by === 'orders' ? columns.transactions && columns.touches : columns.touches?.includes('revenue')
  return isThere ? by : null
}

/** SQL: what the goods of a line cost, of its columns `cost` and `quantity`. */
export function lineCost({ costPer }: KpiSettings): string {
  return costPer === 'unit' ? 'abs(cost * quantity)' : 'abs(cost)'
}

/** Where customers say how satisfied they are; null: nowhere. */
export function ratingOf({ columns, settings }: KpiInputs): { readonly role: DataRole; readonly sql: string } | null {
  const { question } = settings.csat
  if (question !== undefined)
    return columns.survey
      ? {
          role: 'survey',
          sql: `select customer_id, occurred_at, try_cast(answer as decimal(18, 4)) as rating from survey where question = ${quoteText(question)}`,
        }
      : null
  return columns.tickets?.includes('satisfaction')
    ? { role: 'tickets', sql: 'select customer_id, occurred_at, satisfaction as rating from tickets' }
    : null
}
