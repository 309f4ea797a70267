import { isSampled } from '../../../sql/hash-sample.ts'
import { quoteText, readParquet } from '../../../sql/sql-text.ts'
import { JOIN_REASONS } from '../live-sql.ts'
import { OVERRIDE_LAYER } from '../resolve-overrides.ts'

/** Files of two validated runs, first and second. */
export interface DiffedFiles {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Features of the second run; empty: nobody has them any more. */
  readonly features: readonly string[]
  /** Which customers either of them looked at: 1 but for samples. Of the other one only these count. */
  readonly sampledShare: number
}

/** Table `live` of everybody in the first run, as if that were what is published. */
export function compileDiffedLive({ before, sampledShare }: DiffedFiles): string {
  return `
CREATE TABLE live AS
SELECT customer_id, segment_key, layer
FROM ${readParquet(before)}
WHERE ${isSampled('customer_id', sampledShare)}`
}

/**
 * Table `population` of everybody in the second run, with the features where there are some; as `compilePopulation` makes it of a candidate.
 *
 * @param segmentKeys of the second run: a segment's position is its cluster
 */
export function compileDiffedPopulation(
  { after, features, sampledShare }: DiffedFiles,
  segmentKeys: readonly string[],
): string {
  const hasFeatures = features.length > 0
  return `
CREATE TABLE population AS
SELECT
  CAST(row_number() OVER (ORDER BY c.bucket, c.customer_id) - 1 AS INTEGER) AS customer_row, c.bucket, c.customer_id,
  CAST(list_position([${segmentKeys.map(quoteText).join(', ')}], c.segment_key) - 1 AS INTEGER) AS cluster,
  l.segment_key AS previous_segment_key,
  coalesce(c.layer = ${quoteText(OVERRIDE_LAYER)}, false) OR coalesce(l.layer = ${quoteText(OVERRIDE_LAYER)}, false) AS is_by_people${hasFeatures ? ',\n  f.* EXCLUDE (bucket, customer_id)' : ''}
FROM ${readParquet(after)} AS c
${hasFeatures ? `JOIN ${readParquet(features)} AS f ON f.bucket = c.bucket AND f.customer_id = c.customer_id` : ''}
LEFT JOIN live AS l ON l.customer_id = c.customer_id
WHERE ${isSampled('c.customer_id', sampledShare)}`
}

/**
 * The reasons of `compileResolved` as far as two runs tell them: nobody is `returned`, since only what was published knows who came before.
 * Needs the tables of that, but those of what is live.
 *
 * @param isExplained false: the model of the first run cannot place the customers of the second
 */
export function compileDiffedResolved(isExplained: boolean): string {
  return `
CREATE TABLE resolved AS
SELECT p.bucket, p.customer_id, k.segment_key, p.previous_segment_key,
  CASE
    WHEN p.previous_segment_key IS NULL THEN 'new'
    WHEN p.previous_segment_key = k.segment_key OR ${!isExplained} THEN NULL
    WHEN p.is_by_people THEN 'override'
    WHEN g.from_segment_key IS NOT NULL THEN 'merged'
    WHEN r.segment_key IS NOT NULL THEN 'relabel'
    WHEN l.segment_key = p.previous_segment_key THEN 'boundary'
    ELSE 'behaviour'
  END AS move_reason
FROM population AS p
JOIN segment_keys AS k ON k.cluster = p.cluster
${JOIN_REASONS}`
}
