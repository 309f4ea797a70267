import type { SourceRole } from '../../run/data-roles.ts'
import type { Sample } from '../../run/sample.ts'

/** What was read of one source for one role. */
export interface SourceSummary {
  readonly source: string
  readonly role: SourceRole
  /** Records: rows and those that are none. */
  readonly rowsRead: number
  readonly rowsBeforeAsOf: number
  readonly unreadable: number
  readonly notYetRecorded: number
  readonly superseded: number
  readonly notValid: number
  /** Rows of customers who are left out. */
  readonly excluded: number
  /** ISO instant of the newest row before the as-of; null where rows have none. */
  readonly newest: string | null
  /** The last day before the as-of has no row, though the weeks before had some on every day. */
  readonly lastDayMissing: boolean
  /** Attributes as they are today, whatever the as-of: the source knows neither when it learnt them nor how long they were true. */
  readonly lookAhead: boolean
  /** Went on without waiting any longer for its newest rows. */
  readonly late: boolean
  readonly lookups: readonly { readonly source: string; readonly unmatched: number }[]
}

/** Counts of the stage, as its manifest keeps them. */
export interface ExtractSummary {
  readonly sources: readonly SourceSummary[]
  /** Of the primary role: records read, rows in the artifact, records that are no rows. */
  readonly rowsRead: number
  readonly rows: number
  readonly rejected: number
  readonly shardCount: number
  /** Customers left out, by reason, but for `suppressed`. */
  readonly excluded: Readonly<Record<string, number>>
  /** Customers left out because they asked not to be segmented, or to be forgotten. */
  readonly suppressed: number
  /** Ids that stand for another one. */
  readonly merged: number
  /** ISO 4217 code of all money; null when nobody says. */
  readonly currency: string | null
  /** Digest of all rows that counted, those of control roles among them. */
  readonly inputHash: string
  /** Absent: all customers were read. */
  readonly sample?: Sample
}
