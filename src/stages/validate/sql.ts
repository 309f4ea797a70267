import { MOST_REASONS } from '../../run/reasons.ts'
import { quoteName, quoteText, readParquet, timestamp } from '../../sql/sql-text.ts'
import type { ModelOutputs } from '../cluster/model.ts'
import { compileHeldOut, type Holdout } from './holdout-sql.ts'
import { JOIN_REASONS } from './live-sql.ts'
import { OVERRIDE_LAYER } from './resolve-overrides.ts'

export const CUSTOMER_BUCKET = "CAST(md5_number_lower(coalesce(customer_id, '')) % 256 AS INTEGER)"

/** Order of the `rows` and `lost` files. */
export const CUSTOMER_ORDER = 'bucket, customer_id'

export interface Population {
  readonly candidateFiles: readonly string[]
  readonly featureFiles: readonly string[]
}

/**
 * All customers of the candidate with their features and the segment they are in now (`live`), numbered in the order (bucket, customer_id).
 * Everything that follows reads this table.
 */
export function compilePopulation({ candidateFiles, featureFiles }: Population): string {
  return `
CREATE TABLE population AS
SELECT
  CAST(row_number() OVER (ORDER BY c.bucket, c.customer_id) - 1 AS INTEGER) AS customer_row,
  c.*, l.segment_key AS previous_segment_key, f.* EXCLUDE (bucket, customer_id)
FROM ${readParquet(candidateFiles)} AS c
JOIN ${readParquet(featureFiles)} AS f ON f.bucket = c.bucket AND f.customer_id = c.customer_id
LEFT JOIN live AS l ON l.customer_id = c.customer_id`
}

/** Customers by cluster and by the segment they are in now (NULL: none). */
export const COUNT_OVERLAP = `
SELECT cluster, previous_segment_key, count(*) AS customers
FROM population
GROUP BY cluster, previous_segment_key
ORDER BY cluster, previous_segment_key`

export const COUNT_OUTLIERS = 'SELECT count(*) AS customers FROM population WHERE is_outlier'

export const COUNT_LIVE =
  'SELECT segment_key, count(*) AS customers FROM live GROUP BY segment_key ORDER BY segment_key'

/** The same for one of the further memberships. Needs table live_also(customer_id, layer, segment_key, since). */
export function compileAlsoOverlap(number: number, layer: string): string {
  return `
SELECT p.also_${number} AS cluster, l.segment_key AS previous_segment_key, count(*) AS customers
FROM population AS p
LEFT JOIN live_also AS l ON l.customer_id = p.customer_id AND l.layer = ${quoteText(layer)}
WHERE p.also_${number} IS NOT NULL
GROUP BY p.also_${number}, l.segment_key
ORDER BY cluster, previous_segment_key`
}

export const EMPTY_LIVE = 'CREATE TABLE live (customer_id VARCHAR, segment_key VARCHAR, is_holdout BOOLEAN)'
export const EMPTY_LIVE_ALSO =
  'CREATE TABLE live_also (customer_id VARCHAR, layer VARCHAR, segment_key VARCHAR, since TIMESTAMP)'
export const EMPTY_LIVE_OVERRIDES = 'CREATE TABLE live_overrides (customer_id VARCHAR)'

export const ALSO_KEYS = 'SELECT DISTINCT segment_key FROM live_also ORDER BY segment_key'

/**
 * One feature and the cluster of every customer, in the order of the population.
 *
 * @param membership SQL of the number of the cluster
 */
export function compileFeature(feature: string, membership: string): string {
  return `SELECT ${membership} AS cluster, ${quoteName(feature)} AS feature FROM population ORDER BY customer_row`
}

/**
 * Customers of each cluster by level of a category: rows of `readLevelCount`.
 *
 * @param membership SQL of the number of the cluster
 */
export function compileLevels(
  { name, levels }: { readonly name: string; readonly levels: readonly string[] },
  membership: string,
): string {
  const known = levels.map(quoteText).join(', ')
  const column = quoteName(name)
  const level = levels.length === 0 ? `'other'` : `CASE WHEN ${column} IN (${known}) THEN ${column} ELSE 'other' END`
  return `
SELECT ${membership} AS cluster, CASE WHEN ${column} IS NOT NULL THEN ${level} END AS level, count(*) AS customers
FROM population
GROUP BY ALL
ORDER BY cluster, level NULLS LAST`
}

/** A row of `compileLevels`; level null: the category is not known. */
export function readLevelCount(row: Readonly<Record<string, unknown>>): {
  readonly cluster: number
  readonly level: string | null
  readonly customers: number
} {
  return { cluster: Number(row.cluster), level: row.level as string | null, customers: Number(row.customers) }
}

export interface MoveRules {
  /** False: nobody can say where the live model would put customers today, so that every move is `definition`. */
  readonly isComparable: boolean
  /** People changed what the model is asked to be. */
  readonly isEdited: boolean
  /** Of the live publication; 0: everybody was where its model says. */
  readonly minimumChange: number
  readonly holdout: Holdout
  /** ISO 8601, UTC: since when memberships last that are new. */
  readonly asOf: string
  readonly outputs: ModelOutputs
}

/**
 * The final rows. `move_reason` is the first that holds:
 *  1. not live before: `returned` for a former member, else `new`;
 *  2. same segment: NULL;
 *  3. `override`: a person put the customer into the new segment, or had put it into the old one;
 *  4. `definition`: the live model cannot place today's customers; or it can, the definition was edited, and it still puts the customer
 *     into the old segment; where it does not, the customer moved: `behaviour`;
 *  5. `merged`: the old segment is gone, and lineage says that it went into the new one;
 *  6. `relabel`: the old segment is gone;
 *  7. `boundary`: the live model, given today's features, still puts the customer into the old segment, or leaves him there for want of a
 *     gain, so the borders moved;
 *  8. `behaviour`: it does not, so the customer moved.
 *
 * Needs tables segment_keys(cluster, segment_key), former(customer_id), moved, placed (by the live model, its row is `moved_row`),
 * live_keys(cluster, segment_key), retired(segment_key), gone_into(from_segment_key, to_segment_key), live_also(customer_id, layer,
 * segment_key, since), live_overrides(customer_id); for a holdout by segment held_out(customer_id).
 */
export function compileResolved({ isComparable, isEdited, minimumChange, ...rules }: MoveRules): string {
  const { holdout, asOf, outputs } = rules
  const isBySegment = holdout.by === 'segment'
  const wasKept = `a.confidence <= ${minimumChange} AND a.next_cluster = o.cluster`
  const stays = `(l.segment_key = p.previous_segment_key${minimumChange > 0 ? ` OR (${wasKept})` : ''})`
  const also = outputs.also.map(({ layer }, i) => ({ number: i + 1, layer: quoteText(layer) }))
  const layers = outputs.layers.map(quoteText).join(', ')
  return `
CREATE TABLE resolved AS
SELECT
  p.bucket, p.customer_id, k.segment_key, p.confidence, p.distance, n.segment_key AS next_segment_key, p.is_outlier,
  ${isBySegment ? 'h.customer_id IS NOT NULL' : compileHeldOut(holdout, 'p.customer_id')} AS is_holdout,
  p.previous_segment_key,
  CASE
    WHEN p.previous_segment_key IS NULL THEN CASE WHEN f.customer_id IS NULL THEN 'new' ELSE 'returned' END
    WHEN p.previous_segment_key = k.segment_key THEN NULL
    WHEN list_extract([${layers}], p.layer + 1) = ${quoteText(OVERRIDE_LAYER)} OR v.customer_id IS NOT NULL THEN 'override'
    WHEN ${!isComparable} THEN 'definition'
    WHEN ${isEdited} THEN CASE WHEN ${stays} THEN 'definition' ELSE 'behaviour' END
    WHEN g.from_segment_key IS NOT NULL THEN 'merged'
    WHEN r.segment_key IS NOT NULL THEN 'relabel'
    WHEN ${stays} THEN 'boundary'
    ELSE 'behaviour'
  END AS move_reason,
  list_extract([${layers}], p.layer + 1) AS layer,${columnsOf('score', outputs.scores.length)}${also
    .map(
      ({ number }) => `
  also_${number}.segment_key AS also_${number}, coalesce(since_${number}.since, ${timestamp(asOf)}) AS also_since_${number},`,
    )
    .join('')}${columnsOf('reason', MOST_REASONS)}${columnsOf('pull', MOST_REASONS)}
FROM population AS p
JOIN segment_keys AS k ON k.cluster = p.cluster
LEFT JOIN segment_keys AS n ON n.cluster = p.next_cluster
LEFT JOIN former AS f ON f.customer_id = p.customer_id
LEFT JOIN live_overrides AS v ON v.customer_id = p.customer_id
${isBySegment ? 'LEFT JOIN held_out AS h ON h.customer_id = p.customer_id' : ''}
${JOIN_REASONS}
${minimumChange > 0 ? 'LEFT JOIN live_keys AS o ON o.segment_key = p.previous_segment_key' : ''}
${also
  .map(
    ({ number, layer }) => `LEFT JOIN segment_keys AS also_${number} ON also_${number}.cluster = p.also_${number}
LEFT JOIN live_also AS since_${number} ON since_${number}.customer_id = p.customer_id AND since_${number}.layer = ${layer}
  AND since_${number}.segment_key = also_${number}.segment_key`,
  )
  .join('\n')}`
}

function columnsOf(name: string, count: number): string {
  return Array.from({ length: count }, (_, i) => ` p.${name}_${i + 1},`).join('')
}

export function compileRows(shard: number, shardCount: number): string {
  return `SELECT * FROM resolved WHERE bucket * ${shardCount} // 256 = ${shard}`
}

/** Customers that are live and not in the candidate. */
export const LOST = `
SELECT ${CUSTOMER_BUCKET} AS bucket, customer_id, segment_key AS previous_segment_key
FROM live
WHERE NOT EXISTS (SELECT 1 FROM population AS p WHERE p.customer_id = live.customer_id)`

export const COUNT_TRANSITIONS = `
SELECT previous_segment_key AS from_segment_key, segment_key AS to_segment_key, move_reason, count(*) AS customers
FROM resolved
GROUP BY previous_segment_key, segment_key, move_reason
UNION ALL
SELECT previous_segment_key, NULL, 'lost', count(*)
FROM (${LOST})
GROUP BY previous_segment_key
ORDER BY from_segment_key NULLS FIRST, to_segment_key NULLS LAST, move_reason NULLS FIRST`

/** Which moves: keys of segments, `none` for no segment; absent: any. */
export interface MoveFilter {
  readonly from?: string
  readonly to?: string
  /** Also customers who stay in their segment. */
  readonly all?: boolean
  /** Only those far from all segments. */
  readonly outliers?: boolean
}

/** Customers of `rows` and `lost` files whose segment is another than before. */
export function compileMovedCustomers(
  rowFiles: readonly string[],
  lostFiles: readonly string[],
  { from, to, all = false, outliers = false }: MoveFilter,
): string {
  const moved = `
SELECT customer_id, previous_segment_key AS from_segment_key, segment_key AS to_segment_key, move_reason
FROM ${readParquet(rowFiles)}
WHERE ${all ? 'true' : 'move_reason IS NOT NULL'} AND ${outliers ? 'is_outlier' : 'true'}
UNION ALL
SELECT customer_id, previous_segment_key, NULL, 'lost'
FROM ${readParquet(lostFiles)}
WHERE ${!outliers}`
  return `SELECT * FROM (${moved}) WHERE ${isSegment('from_segment_key', from)} AND ${isSegment('to_segment_key', to)}`
}

function isSegment(column: string, key: string | undefined): string {
  if (key === undefined) return 'true'
  return key === 'none' ? `${column} IS NULL` : `${column} = ${quoteText(key)}`
}
