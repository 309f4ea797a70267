import { CONSENTED, IDENTITY, LEFT_OUT, RATES, SUPPRESSED } from './control-tables.ts'
import { CURRENCY, type RoleShape } from './role-shape.ts'
import { bucketOf } from './shards.ts'
import { STATE } from './source-rows.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'

/** Reason of those who did not agree, beside the reasons of an exclusions source. */
export const NO_CONSENT = 'no consent'
/** Reason of those who are on the suppression list, which comes before any other; no source can give it. */
export const IS_SUPPRESSED = ':suppressed'

/** One source of a role, before the session. */
export interface RoleSource {
  readonly sourceName: string
  /** Relation of what `compileSourceRows` gave. */
  readonly rows: string
  /** Its canonical columns. */
  readonly columns: readonly string[]
  /** `currency` of the source. */
  readonly currency: string | undefined
}

/** Which control tables the session has. */
export interface Controls {
  readonly hasIdentities: boolean
  readonly hasExclusions: boolean
  readonly hasConsent: boolean
  /** Whether there are customers who asked not to be segmented. */
  readonly hasSuppressed: boolean
  /** Into which currency money is converted; null: nothing is converted. */
  readonly convertInto: string | null
}

export interface CompiledRoleRows {
  /** All rows that count by their own figures, with `:left_out`, the reason for which the customer is left out, and `:no_rate`. */
  readonly query: string
  /** Computed once and kept, since it joins. */
  readonly isCostly: boolean
}

/** Rows of all sources of a role: ids resolved, money converted, customers who are left out marked. */
export function compileRoleRows(
  shape: RoleShape,
  sources: readonly RoleSource[],
  controls: Controls,
): CompiledRoleRows {
  const { hasIdentities, convertInto } = controls
  const converts = convertInto !== null && shape.money.length > 0
  let query = sources.map((source) => compileUnited(shape, source, converts)).join('\nUNION ALL ')
  if (hasIdentities)
    query = `SELECT r.* REPLACE (coalesce(i.customer_id, r.customer_id) AS customer_id) FROM (${query}) r LEFT JOIN ${IDENTITY} i ON i.other_id = r.customer_id`
  query = compileLeftOutReason(query, controls)
  query = converts ? compileConverted(query, shape, convertInto) : `SELECT *, false AS ":no_rate" FROM (${query})`
  return { query, isCostly: hasIdentities || canLeaveOut(controls) || converts }
}

/** The rows of the artifact out of a relation that holds what `compileRoleRows` gave. */
export function compileArtifactRows(
  shape: RoleShape,
  rows: string,
): { readonly query: string; readonly orderBy: string } {
  const names = [...shape.columns.map(({ name }) => quoteName(name)), 'source_name', 'type_faults']
  return {
    query: `SELECT ${bucketOf('customer_id')} AS bucket, ${names.join(', ')} FROM ${rows} WHERE ":left_out" IS NULL`,
    orderBy: ['bucket', ...names].join(', '),
  }
}

/** Customers of a role who are left out, each once. */
export function compileLeftOutCustomers(rows: string): string {
  return `SELECT DISTINCT customer_id, ":left_out" AS reason FROM ${rows} WHERE ":left_out" IS NOT NULL`
}

/** A row a source: rows, those left out, and those with money in a currency that has no rate then. */
export function compileRoleCounts(rows: string): string {
  return `SELECT source_name, count(*) AS rows, count(*) FILTER (WHERE ":left_out" IS NOT NULL) AS left_out FROM ${rows} GROUP BY source_name`
}

/** A row a currency that lacks a rate: how many rows of it, and the first instant. */
export function compileMissingRates(rows: string): string {
  return `SELECT ":currency" AS currency, count(*) AS rows, CAST(min(occurred_at) AS VARCHAR) AS first_at FROM ${rows} WHERE ":no_rate" AND ":left_out" IS NULL GROUP BY ":currency" ORDER BY currency`
}

/** Currencies of the rows that count, NULL for rows that do not say theirs; only of rows that have money. */
export function compileCurrencies(shape: RoleShape, sources: readonly RoleSource[]): string {
  const money = shape.money.map((name) => `${quoteName(name)} IS NOT NULL`).join(' OR ')
  return `SELECT DISTINCT ":currency" AS currency FROM (${sources.map((source) => compileUnited(shape, source, true)).join('\nUNION ALL ')}) WHERE ${money} ORDER BY currency NULLS FIRST`
}

function compileUnited(shape: RoleShape, source: RoleSource, withCurrency: boolean): string {
  const list = shape.columns.map(({ name, type }) =>
    source.columns.includes(name) ? quoteName(name) : `CAST(NULL AS ${type}) AS ${quoteName(name)}`,
  )
  const own = source.columns.includes(CURRENCY) ? `upper(${CURRENCY})` : undefined
  const declared = source.currency === undefined ? 'CAST(NULL AS VARCHAR)' : quoteText(source.currency)
  const currency = own && source.currency ? `coalesce(${own}, ${declared})` : (own ?? declared)
  return `SELECT ${list.join(', ')}, ${quoteText(source.sourceName)} AS source_name, type_faults${withCurrency ? `, ${currency} AS ":currency"` : ''} FROM ${source.rows} WHERE ${quoteName(STATE)} IS NULL`
}

/** Whether any customer can be left out. */
export function canLeaveOut({
  hasExclusions,
  hasConsent,
  hasSuppressed,
}: Pick<Controls, 'hasExclusions' | 'hasConsent' | 'hasSuppressed'>): boolean {
  return hasExclusions || hasConsent || hasSuppressed
}

function compileLeftOutReason(query: string, controls: Controls): string {
  const { hasExclusions, hasConsent, hasSuppressed } = controls
  if (!canLeaveOut(controls)) return `SELECT *, CAST(NULL AS VARCHAR) AS ":left_out" FROM (${query})`
  const joins = [
    ...(hasSuppressed ? [`LEFT JOIN ${SUPPRESSED} z ON z.customer_id = r.customer_id`] : []),
    ...(hasExclusions ? [`LEFT JOIN ${LEFT_OUT} x ON x.customer_id = r.customer_id`] : []),
    ...(hasConsent ? [`LEFT JOIN ${CONSENTED} y ON y.customer_id = r.customer_id`] : []),
  ]
  const reasons = [
    // Nobody: the row is refused later, for that.
    'WHEN r.customer_id IS NULL THEN NULL',
    ...(hasSuppressed ? [`WHEN z.customer_id IS NOT NULL THEN ${quoteText(IS_SUPPRESSED)}`] : []),
    ...(hasExclusions ? ['WHEN x.customer_id IS NOT NULL THEN x.reason'] : []),
    ...(hasConsent ? [`WHEN y.customer_id IS NULL THEN ${quoteText(NO_CONSENT)}`] : []),
  ]
  return `SELECT r.*, CASE ${reasons.join(' ')} END AS ":left_out" FROM (${query}) r ${joins.join(' ')}`
}

/** A row that has no readable instant has no rate; it is refused later, for that. */
function compileConverted(query: string, { money }: RoleShape, into: string): string {
  const isForeign = `r.":currency" IS DISTINCT FROM ${quoteText(into)}`
  const converted = money.map((name) => {
    const own = `r.${quoteName(name)}`
    return `CASE WHEN ${isForeign} THEN CAST(${own} * x.rate AS DECIMAL(18, 4)) ELSE ${own} END AS ${quoteName(name)}`
  })
  const present = money.map((name) => `r.${quoteName(name)} IS NOT NULL`).join(' OR ')
  return `SELECT r.* REPLACE (${converted.join(', ')}), ${isForeign} AND x.rate IS NULL AND r.occurred_at IS NOT NULL AND (${present}) AS ":no_rate" FROM (${query}) r ASOF LEFT JOIN ${RATES} x ON x.currency = r.":currency" AND x.occurred_at <= r.occurred_at`
}
