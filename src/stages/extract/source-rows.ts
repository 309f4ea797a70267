import { RECORDED_AT, VALID_FROM, VALID_TO } from './mapping.ts'
import { quoteName, timestamp } from '../../sql/sql-text.ts'

/** Why a row of a source does not count; NULL: it does. */
export const STATE = ':state'
type State = 'after' | 'not-yet-recorded' | 'superseded' | 'not-valid'

/** Another source joined to a source's rows. */
export interface Lookup {
  /** Rows of the other source that count: columns `on`, `columns`, `type_faults`. */
  readonly relation: string
  readonly on: string
  readonly columns: readonly string[]
}

export interface SourceRowsRequest {
  /** What `compileFitted` gave, or a relation that holds it. */
  readonly fitted: string
  /** Its columns, without `type_faults`. */
  readonly columns: readonly string[]
  readonly lookups: readonly Lookup[]
  readonly key: readonly string[]
  /** ISO instant. */
  readonly asOf: string
  /** Rows of a lookup count whenever they happened: the row that looks them up says itself when it did. */
  readonly isLookup?: boolean
}

export interface CompiledSourceRows {
  /** The rows with column `:state`, and `:unmatched <n>` for each lookup. */
  readonly query: string
  /** Canonical columns of `query`. */
  readonly columns: readonly string[]
  /** Computed once and kept, since it joins or sorts; else as cheap as the relation it reads. */
  readonly isCostly: boolean
}

/** Rows of one source with what lookups add, and whether each counts. */
export function compileSourceRows(request: SourceRowsRequest): CompiledSourceRows {
  const { fitted, columns, lookups, key, asOf, isLookup = false } = request
  let from = fitted
  let present = columns
  lookups.forEach((lookup, index) => {
    from = `(${compileLookup(from, present, lookup, index)})`
    present = [...present, ...lookup.columns.filter((name) => !present.includes(name))]
  })
  const instant = timestamp(asOf)
  const states: readonly (readonly [string, State])[] = [
    ...(present.includes('occurred_at') && !isLookup ? [[`occurred_at >= ${instant}`, 'after'] as const] : []),
    ...(present.includes(RECORDED_AT)
      ? [[`${quoteName(RECORDED_AT)} >= ${instant}`, 'not-yet-recorded'] as const]
      : []),
  ]
  const invalid: readonly (readonly [string, State])[] = present.includes(VALID_FROM)
    ? [[`${quoteName(VALID_FROM)} >= ${instant} OR ${quoteName(VALID_TO)} < ${instant}`, 'not-valid']]
    : []
  const isVersioned = key.length > 0 && present.includes(RECORDED_AT)
  const state = isVersioned ? stateOf(states) : stateOf([...states, ...invalid])
  let query = `SELECT *, ${state} AS ${quoteName(STATE)} FROM ${from}`
  if (isVersioned) {
    const identified = key.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ')
    // The last version of a row; rows alike in everything are one version.
    const unmatched = lookups.map((_, index) => `:unmatched ${index}`)
    const order = [...present, ...unmatched, 'type_faults']
      .filter((name) => name !== RECORDED_AT && !key.includes(name))
      .map(quoteName)
    const version = `row_number() OVER (PARTITION BY ${[STATE, ...key].map(quoteName).join(', ')} ORDER BY ${quoteName(RECORDED_AT)} DESC NULLS LAST, ${order.join(', ')})`
    const later = stateOf([[`":version" > 1 AND ${identified}`, 'superseded'], ...invalid])
    query = `SELECT * EXCLUDE (":version", ${quoteName(STATE)}), coalesce(${quoteName(STATE)}, ${later}) AS ${quoteName(STATE)} FROM (SELECT *, ${version} AS ":version" FROM (${query}))`
  }
  return {
    query,
    columns: present.filter((name) => !name.startsWith(':')),
    isCostly: isVersioned || lookups.length > 0,
  }
}

/** Rows of a lookup's source as they are joined: one a key. */
export function compileLookupRows(rows: string, { on, columns }: Pick<Lookup, 'on' | 'columns'>): string {
  const list = [on, ...columns, 'type_faults'].map(quoteName).join(', ')
  return `SELECT DISTINCT ${list} FROM ${rows} WHERE ${quoteName(STATE)} IS NULL AND ${quoteName(on)} IS NOT NULL`
}

/** One row: how many keys of a lookup have several rows. */
export function compileRepeatedKeys(relation: string, on: string): string {
  return `SELECT count(*) AS repeated FROM (SELECT 1 FROM ${relation} GROUP BY ${quoteName(on)} HAVING count(*) > 1)`
}

/** One row of figures about a source's rows. */
export function compileSourceCounts(
  rows: string,
  columns: readonly string[],
  lookupCount: number,
  asOf: string,
): string {
  const ofState = (state: State): string => `count(*) FILTER (WHERE ${quoteName(STATE)} = '${state}')`
  const figures = [
    'count(*) AS rows_read',
    `${ofState('after')} AS rows_after`,
    `${ofState('not-yet-recorded')} AS not_yet_recorded`,
    `${ofState('superseded')} AS superseded`,
    `${ofState('not-valid')} AS not_valid`,
    ...Array.from(
      { length: lookupCount },
      (_, index) =>
        `count(*) FILTER (WHERE ${quoteName(STATE)} IS NULL AND ${quoteName(`:unmatched ${index}`)}) AS unmatched_${index}`,
    ),
    ...(columns.includes('occurred_at') ? instantFigures(asOf) : []),
  ]
  return `SELECT ${figures.join(', ')} FROM ${rows}`
}

/** Days are counted back from the as-of, day 0 being the last one before it. */
function instantFigures(asOf: string): readonly string[] {
  const day = `datediff('second', occurred_at, ${timestamp(asOf)} - INTERVAL 1 MICROSECOND) // 86400`
  const before = `occurred_at < ${timestamp(asOf)}`
  return [
    `count(*) FILTER (WHERE occurred_at IS NULL AND ${quoteName(STATE)} IS NULL) AS undated`,
    'CAST(min(occurred_at) AS VARCHAR) AS first_at',
    `CAST(max(occurred_at) FILTER (WHERE ${before}) AS VARCHAR) AS newest`,
    `count(*) FILTER (WHERE ${before} AND ${day} = 0) AS rows_of_last_day`,
    `count(DISTINCT ${day}) FILTER (WHERE ${before} AND ${day} BETWEEN 1 AND ${LAST_DAYS}) AS days_with_rows`,
  ]
}

/** Days that tell whether a source has rows every day. */
const LAST_DAYS = 28

/** The last day before the as-of has no row, and the four weeks before it missed one day at most. */
export function isLastDayMissing(rowsOfLastDay: number, daysWithRows: number): boolean {
  return rowsOfLastDay === 0 && daysWithRows >= LAST_DAYS - 1
}

/** Values of the source itself win; what does not fit in the other source is a fault only where it is needed. */
function compileLookup(from: string, present: readonly string[], lookup: Lookup, index: number): string {
  const own = lookup.columns.filter((name) => present.includes(name))
  const on = quoteName(lookup.on)
  const list = [
    ...present.map((name) =>
      own.includes(name)
        ? `coalesce(o.${quoteName(name)}, l.${quoteName(name)}) AS ${quoteName(name)}`
        : `o.${quoteName(name)}`,
    ),
    ...lookup.columns.filter((name) => !own.includes(name)).map((name) => `l.${quoteName(name)}`),
    ...Array.from({ length: index }, (_, earlier) => `o.${quoteName(`:unmatched ${earlier}`)}`),
    `(l.${on} IS NULL AND o.${on} IS NOT NULL) AS ${quoteName(`:unmatched ${index}`)}`,
    own.length < lookup.columns.length
      ? `nullif(concat_ws('; ', o.type_faults, l.type_faults), '') AS type_faults`
      : `nullif(concat_ws('; ', o.type_faults, CASE WHEN ${own.map((name) => `o.${quoteName(name)} IS NULL`).join(' OR ')} THEN l.type_faults END), '') AS type_faults`,
  ]
  return `SELECT ${list.join(', ')} FROM ${from} o LEFT JOIN ${lookup.relation} l ON l.${on} = o.${on}`
}

function stateOf(states: readonly (readonly [string, State])[]): string {
  return states.length === 0
    ? 'CAST(NULL AS VARCHAR)'
    : `CASE ${states.map(([when, state]) => `WHEN ${when} THEN '${state}'`).join(' ')} END`
}
