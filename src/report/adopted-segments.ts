import { formatCount, formatShare } from '../run/figures.ts'
import type { AdoptedSegments } from '../stages/validate/adopted.ts'
import { textTable } from './text-table.ts'

/** Segments as they would be adopted. */
export function adoptedSegments({ segments, customers, withoutSegment }: AdoptedSegments): readonly string[] {
  const leftOut =
    withoutSegment === 0 ? [] : [`${formatCount(withoutSegment)} rows have no segment: their customers are left out.`]
  return [
    ...textTable(
      [
        { title: 'Segment' },
        { title: 'Customers', align: 'right' },
        { title: 'Share', align: 'right' },
        { title: 'Key' },
      ],
      segments.map(({ name, customers: count, share, segmentKey }) => [
        name,
        formatCount(count),
        formatShare(share),
        segmentKey,
      ]),
    ),
    '',
    `${formatCount(customers)} customers in ${segments.length} segments.`,
    ...leftOut,
  ]
}
