import { readParquet } from '../../sql/sql-text.ts'
import type { DataQualityRow } from '../cleanse/data-quality.ts'
import type { ModelOutputs } from '../cluster/model.ts'

/** What is published of a reason; longer ones are cut. */
const REASON_LENGTH = 200
/** Different reasons that are published; the rarest beyond have one label in common. */
const MOST_STATED_REASONS = 1_000
/** That label. */
const ANY_REASON = 'Placed by a person'

/** Why a row of role `overrides` that is clean has no effect. */
export type StatedVerdict = 'overruled' | 'unknown segment' | 'unknown customer'

/** Table `stated`: the clean rows of role `overrides`, one a customer. */
export function compileStated(files: readonly string[]): string {
  return `
CREATE TABLE stated AS
SELECT customer_id, segment, left(stated_reason, ${REASON_LENGTH}) AS reason, source_name
FROM ${readParquet(files)}`
}

export const STATED_WORDS = 'SELECT DISTINCT segment FROM stated ORDER BY segment'

/**
 * Table `judged`: `stated` with the cluster, and the verdict that is NULL for rows with an effect. Needs tables population,
 * stated_words(segment, cluster) and written(customer_id), those of whom the pipeline's file speaks.
 */
export const JUDGE_STATED = `
CREATE TABLE judged AS
SELECT s.*, w.cluster,
  CASE
    WHEN y.customer_id IS NOT NULL THEN 'overruled'
    WHEN w.cluster IS NULL THEN 'unknown segment'
    WHEN p.customer_id IS NULL THEN 'unknown customer'
  END AS verdict
FROM stated AS s
LEFT JOIN stated_words AS w ON w.segment = s.segment
LEFT JOIN written AS y ON y.customer_id = s.customer_id
LEFT JOIN population AS p ON p.customer_id = s.customer_id`

export const COUNT_STATED = `
SELECT source_name, verdict, count(*) AS rows
FROM judged
GROUP BY source_name, verdict
ORDER BY source_name, verdict`

/** The rows without an effect; beside those that cleansing rejected, and for the same reader. */
export const REJECTED_STATED = `
SELECT customer_id, segment, source_name, verdict AS reason
FROM judged
WHERE verdict IS NOT NULL`
export const REJECTED_ORDER = 'customer_id'

export const STATED_REASONS = `
SELECT reason, count(*) AS customers
FROM judged
WHERE verdict IS NULL
GROUP BY reason
ORDER BY customers DESC, reason`

/** @param reasons those of `STATED_REASONS`, in their order */
export function shownReasons(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= MOST_STATED_REASONS) return reasons
  return [...reasons.slice(0, MOST_STATED_REASONS), ANY_REASON]
}

/** Adds the rows with an effect to table `overrides`. Needs table stated_reasons(reason, label), without the rarest. */
export function compileAddStated({ reasons }: ModelOutputs): string {
  return `
INSERT INTO overrides
SELECT j.customer_id, j.cluster, coalesce(r.label, ${reasons.lastIndexOf(ANY_REASON)})
FROM judged AS j
LEFT JOIN stated_reasons AS r ON r.reason = j.reason
WHERE j.verdict IS NULL`
}

/** Clean rows of each source by verdict; null: with an effect. */
export interface StatedCount {
  readonly source: string
  readonly verdict: StatedVerdict | null
  readonly rows: number
}

export function readStatedCount(row: Readonly<Record<string, unknown>>): StatedCount {
  return {
    source: String(row.source_name),
    verdict: row.verdict as StatedVerdict | null,
    rows: Number(row.rows),
  }
}

export function sumStated(counts: readonly StatedCount[], wanted: StatedVerdict | null): number {
  return counts.reduce((sum, { verdict, rows }) => sum + (verdict === wanted ? rows : 0), 0)
}

/** What cleansing could not know: the segments of a run. A row a source. */
export function segmentQuality(sources: readonly string[], counts: readonly StatedCount[]): readonly DataQualityRow[] {
  return sources.map((source) => {
    const own = counts.filter((count) => count.source === source)
    const rowsIn = own.reduce((sum, { rows }) => sum + rows, 0)
    const unknown = sumStated(own, 'unknown segment')
    return {
      ...{ role: 'overrides', source, rule: 'unknown segment', action: 'drop' },
      ...{ matched: unknown, rejected: unknown, fixed: 0, rowsIn, share: rowsIn === 0 ? null : unknown / rowsIn },
      ...{ column: null, nulls: null, distinct: null, minimum: null, maximum: null },
    }
  })
}
