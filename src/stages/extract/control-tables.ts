import { selectListed } from '../../sql/keyed-hash.ts'
import { STATE } from './source-rows.ts'
import { quoteName, quoteText, timestamp } from '../../sql/sql-text.ts'

/**
 * Small tables of the session that decide who a row belongs to and whether it counts. Each is made of the rows of its role: a relation
 * with the role's columns, all of them, and only rows that count.
 */
export const IDENTITY = 'identity'
export const LEFT_OUT = 'left_out'
export const CONSENTED = 'consented'
export const RATES = 'rates'
/** Customers who asked not to be segmented. */
export const SUPPRESSED = 'suppressed'

const IS_ROW = `${quoteName(STATE)} IS NULL`

/** The rows of a control role that count, its columns in order; those that no source maps are NULL. */
export function compileControlRows(
  sources: readonly { readonly rows: string; readonly columns: readonly string[] }[],
  columns: readonly { readonly name: string; readonly type: string }[],
): string {
  return sources
    .map((source) => {
      const list = columns.map(({ name, type }) =>
        source.columns.includes(name) ? quoteName(name) : `CAST(NULL AS ${type}) AS ${quoteName(name)}`,
      )
      return `SELECT ${list.join(', ')}, type_faults FROM ${source.rows} WHERE ${IS_ROW}`
    })
    .join('\nUNION ALL ')
}

/** One row: how many rows of a control role have values that do not fit, and one of the columns. */
export function compileMisfits(rows: string): string {
  return `SELECT count(*) AS misfits, min(regexp_extract(type_faults, '^[^=]*')) AS example FROM (${rows}) WHERE type_faults IS NOT NULL`
}

/** Links from one id to another that says who it is. */
export function compileLinks(rows: string): string {
  return `SELECT DISTINCT other_id, customer_id FROM (${rows}) WHERE other_id IS NOT NULL AND customer_id IS NOT NULL AND other_id <> customer_id`
}

/** One row: how many ids are linked to several customers. */
export const CONTESTED_LINKS = `SELECT count(*) AS contested FROM (SELECT other_id FROM ${IDENTITY} GROUP BY other_id HAVING count(*) > 1)`

/** Each link goes twice as far as before: n jumps follow chains of 2^n links. */
export const JUMPED_LINKS = `SELECT a.other_id, coalesce(b.customer_id, a.customer_id) AS customer_id FROM ${IDENTITY} a LEFT JOIN ${IDENTITY} b ON b.other_id = a.customer_id`

/** One row: links, and those that do not end at an id without a link. */
export const OPEN_LINKS = `SELECT (SELECT count(*) FROM ${IDENTITY}) AS links, count(*) AS open FROM ${IDENTITY} a JOIN ${IDENTITY} b ON b.other_id = a.customer_id`

/** After this many jumps only circles are open. */
export function jumpsFor(links: number): number {
  return Math.ceil(Math.log2(links + 1)) + 1
}

/** Customers to leave out, with a reason each. */
export function compileLeftOut(rows: string, withIdentity: boolean): string {
  return `SELECT customer_id, min(coalesce(reason, 'excluded')) AS reason FROM (${resolved(rows, ['reason'], withIdentity)}) WHERE customer_id IS NOT NULL GROUP BY customer_id`
}

/** Customers whose newest answer before the as-of is a yes, to the purpose that counts; a no wins over a yes of the same instant. */
export function compileConsented(
  rows: string,
  purpose: string | undefined,
  asOf: string,
  withIdentity: boolean,
): string {
  const answers = `SELECT customer_id, purpose, occurred_at, coalesce(granted, false) AS granted FROM (${resolved(rows, ['purpose', 'occurred_at', 'granted'], withIdentity)}) WHERE customer_id IS NOT NULL AND (occurred_at IS NULL OR occurred_at < ${timestamp(asOf)})${purpose === undefined ? '' : ` AND purpose = ${quoteText(purpose)}`}`
  // An answer without a date is older than any other.
  const newest = `SELECT customer_id, purpose, granted, rank() OVER (PARTITION BY customer_id, purpose ORDER BY occurred_at DESC NULLS LAST) AS age FROM (${answers})`
  const last = `SELECT customer_id, purpose, bool_and(granted) AS granted FROM (${newest}) WHERE age = 1 GROUP BY customer_id, purpose`
  return `SELECT DISTINCT customer_id FROM (${last}) WHERE granted`
}

/**
 * Customers of these sources who are on the list loaded before, under whichever of their ids: whoever objected as one of them objected.
 *
 * @param rows relations of the sources of all roles
 */
export function compileSuppressed(rows: readonly string[], withIdentity: boolean): string {
  const ids = rows.map((relation) => `SELECT customer_id FROM ${relation} WHERE ${IS_ROW} AND customer_id IS NOT NULL`)
  const linked = withIdentity ? [`SELECT other_id FROM ${IDENTITY}`, `SELECT customer_id FROM ${IDENTITY}`] : []
  const listed = selectListed([...ids, ...linked].join(' UNION '))
  if (!withIdentity) return listed
  return `SELECT DISTINCT coalesce(i.customer_id, r.customer_id) AS customer_id FROM (${listed}) r LEFT JOIN ${IDENTITY} i ON i.other_id = r.customer_id`
}

export function compileRates(rows: string): string {
  return `SELECT DISTINCT upper(currency) AS currency, occurred_at, rate FROM (${rows}) WHERE currency IS NOT NULL AND occurred_at IS NOT NULL AND rate IS NOT NULL`
}

/** One row: how many instants have two rates of one currency, and a currency of them. */
export const CONTESTED_RATES = `SELECT count(*) AS contested, min(currency) AS example FROM (SELECT currency FROM ${RATES} GROUP BY currency, occurred_at HAVING count(*) > 1)`

/** SQL to find a circle of links, for the person who has to break it. */
export const FIND_CIRCLES = `with recursive walk as (select other_id as start, customer_id as at from links union select start, customer_id from walk join links on other_id = at) select distinct start from walk where start = at`

function resolved(rows: string, columns: readonly string[], withIdentity: boolean): string {
  const list = columns.map((name) => `r.${name}`).join(', ')
  return withIdentity
    ? `SELECT coalesce(i.customer_id, r.customer_id) AS customer_id, ${list} FROM (${rows}) r LEFT JOIN ${IDENTITY} i ON i.other_id = r.customer_id`
    : `SELECT r.customer_id, ${list} FROM (${rows}) r`
}
