import { formatCount, formatShare } from '../run/figures.ts'
import type { SegmentSummary } from '../run/run-status.ts'
import type { SegmentStatus } from '../stages/validate/validation.ts'
import { formatDay } from './figures.ts'
import { textTable } from './text-table.ts'

export type ListedSegment = SegmentSummary & {
  readonly status: SegmentStatus
  readonly criteria: string
  readonly firstAsOf: string
}

/**
 * Every segment there ever was, with what sets it apart.
 *
 * @param zone of the pipeline: days are those of its run keys
 */
export function segmentList(segments: readonly ListedSegment[], zone: string): readonly string[] {
  if (segments.length === 0) return ['No segments yet: nothing was published.']
  const [titles = '', ...lines] = textTable(
    [
      { title: 'Segment' },
      { title: 'Customers', align: 'right' },
      { title: 'Share', align: 'right' },
      { title: 'Key' },
      { title: 'Status' },
      { title: 'Since' },
    ],
    segments.map((segment) => [
      segment.name,
      formatCount(segment.customers),
      formatShare(segment.share),
      segment.segmentKey,
      segment.status,
      formatDay(segment.firstAsOf, zone),
    ]),
  )
  // Below and not beside: a line of both would be wider than most terminals.
  return [titles, ...lines.flatMap((line, index) => [line, `  ${segments[index]!.criteria}`.trimEnd()].filter(Boolean))]
}
