import { isSampled } from '../../sql/hash-sample.ts'
import type { Sample, SampleSummary } from '../../run/sample.ts'
import { shareInterval } from '../../stats/share-interval.ts'

/** Tables of customers that are live, or were. */
const PUBLISHED_TABLES = ['live', 'live_also', 'live_overrides', 'former', 'past_members']

/** Statements that leave of what is live the customers that a sample looks at. */
export function compileSamplePublished({ share }: Sample): readonly string[] {
  return PUBLISHED_TABLES.map((table) => `DELETE FROM ${table} WHERE NOT (${isSampled('customer_id', share)})`)
}

/** @param moved customers of the panel whose segment changed; null on a first run */
export function summarizeSample(
  sample: Sample,
  { customers, panel, moved }: { readonly customers: number; readonly panel: number; readonly moved: number | null },
): SampleSummary {
  const churn =
    moved === null || panel === 0 ? null : { share: moved / panel, ...shareInterval(moved, panel, sample.share) }
  return { ...sample, customers, churn }
}

/** What a count of rows of a sample stands for in the whole. */
export function scaleUp(rows: number, sample: Sample | null): number {
  return sample === null ? rows : Math.round(rows / sample.share)
}
