import type { DataQualityRow } from '../cleanse/data-quality.ts'

/** How overrides and the method agree; no customer is named. Kept with the published model. */
export interface OverrideReport {
  /** Of customers of this run. */
  readonly applied: number
  /** As-of at or after their expiry, or before their start: without effect. */
  readonly expired: number
  /** Of customers that this run does not have: without effect. */
  readonly unknownCustomers: number
  /** What became of the rows of role `overrides`, beside those; absent without the role. */
  readonly source?: SourceReport
  /** Where a person and the method differ, most customers first. */
  readonly conflicts: readonly {
    readonly fromSegmentKey: string
    readonly toSegmentKey: string
    readonly customers: number
  }[]
}

/** Rows of role `overrides` that had no effect. */
export interface SourceReport {
  /** Of customers of whom the pipeline itself says something. */
  readonly overruled: number
  /** Of segments that this run does not have, or of words that may be several. */
  readonly unknownSegments: number
  /** Of customers who are put into several segments. */
  readonly contested: number
  /** By any other rule of cleansing, such as for want of an author. */
  readonly rejected: number
}

/** Rows of role `overrides` that cleansing rejected, by what they count as in the report. */
export interface RejectedOverrides {
  readonly expired: number
  readonly unknownCustomers: number
  readonly contested: number
  readonly rejected: number
}

const countsAs: Readonly<Record<string, keyof RejectedOverrides>> = {
  inactive: 'expired',
  unmatched: 'unknownCustomers',
  contested: 'contested',
}

/** @param quality what cleansing found */
export function rejectedOverrides(quality: readonly DataQualityRow[]): RejectedOverrides {
  const counts = { expired: 0, unknownCustomers: 0, contested: 0, rejected: 0 }
  for (const { role, rule, rejected } of quality) {
    // Where one row of several counts nothing is lost.
    if (role !== 'overrides' || rule === null || rule.startsWith('duplicates')) continue
    counts[countsAs[rule] ?? 'rejected'] += rejected ?? 0
  }
  return counts
}
