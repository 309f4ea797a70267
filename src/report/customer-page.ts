import { formatShare } from '../run/figures.ts'
import type { MoveReason } from '../run/transition.ts'
import { moveReasonTexts } from '../run/transition.ts'
import { formatDay } from './figures.ts'
import { block } from './run-report.ts'
import { textTable } from './text-table.ts'

/** A customer's membership now and before. */
export interface CustomerPage {
  readonly pipeline: string
  readonly customerId: string
  /** Null: not a member now. */
  readonly current: {
    readonly segmentKey: string
    readonly segmentName: string
    readonly confidence: number | null
    readonly nextSegmentKey: string | null
    readonly isOutlier: boolean
    readonly isHoldout: boolean
    readonly since: string
  } | null
  /** Oldest first. */
  readonly history: readonly {
    readonly segmentKey: string
    readonly segmentName: string
    readonly validFrom: string
    readonly validTo: string | null
    readonly runKey: string
    readonly moveReason: MoveReason
  }[]
}

/** @param zone of the pipeline: days are those of its run keys */
export function customerPage(
  { pipeline, customerId, current, history }: CustomerPage,
  zone: string,
): readonly string[] {
  return [
    `Customer ${customerId} of ${pipeline}`,
    current === null
      ? 'is in no segment now.'
      : `is in ${current.segmentName} (${current.segmentKey}) since ${formatDay(current.since, zone)}.`,
    ...(current === null ? [] : remarks(current)),
    ...block(
      textTable(
        [
          { title: 'From' },
          { title: 'To' },
          { title: 'Segment' },
          { title: 'Key' },
          { title: 'Why' },
          { title: 'Run' },
        ],
        history.map((period) => [
          formatDay(period.validFrom, zone),
          period.validTo === null ? 'now' : formatDay(period.validTo, zone),
          period.segmentName,
          period.segmentKey,
          moveReasonTexts[period.moveReason],
          period.runKey,
        ]),
      ),
    ),
  ]
}

function remarks(current: NonNullable<CustomerPage['current']>): readonly string[] {
  const { confidence, nextSegmentKey, isOutlier, isHoldout } = current
  const next = nextSegmentKey === null ? '' : `; next nearest is ${nextSegmentKey}`
  return [
    ...(confidence === null ? [] : [`Confidence ${formatShare(confidence)}${next}.`]),
    ...(isOutlier ? ['Far from every segment: an outlier.'] : []),
    ...(isHoldout ? ['In the holdout: left out of activation.'] : []),
  ]
}
