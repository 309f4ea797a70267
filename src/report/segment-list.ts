import { formatCount, formatShare } from '../run/figures.ts'
import type { SegmentSummary } from '../run/run-status.ts'
import type { SegmentStatus } from '../stages/validate/validation.ts'
import { formatDay } from './figures.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const INDENT = '  '

export type ListedSegment = SegmentSummary & {
  readonly status: SegmentStatus
  readonly criteria: string
  readonly firstAsOf: string
  /** Who is in it, as a surrogate tree says; null: no rule. */
  readonly rule: string | null
  readonly rulePrecision: number | null
  readonly ruleCoverage: number | null
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
  return [
    titles,
    ...lines.flatMap((line, index) => [line, ...notesOf(segments[index]!)]),
    ...fidelityOf(segments.filter(({ status }) => status !== 'retired')),
  ]
}

function notesOf({ criteria, rule, rulePrecision, ruleCoverage }: ListedSegment): readonly string[] {
  const figures =
    rulePrecision === null || ruleCoverage === null
      ? ''
      : ` (${formatShare(rulePrecision)} of these are in it, and ${formatShare(ruleCoverage)} of it are these)`
  const notes = [...(criteria === '' ? [] : [criteria]), ...(rule === null ? [] : [`rule: ${rule}${figures}`])]
  return notes.flatMap((note) => wrapText(note, SCREEN_COLUMNS - INDENT.length).map((line) => `${INDENT}${line}`))
}

/** The share of the customers whom the rules put where they are. */
function fidelityOf(segments: readonly ListedSegment[]): readonly string[] {
  const known = segments.filter(({ rule }) => rule !== null)
  const customers = segments.reduce((sum, segment) => sum + segment.customers, 0)
  if (known.length === 0 || customers === 0) return []
  const right = known.reduce((sum, segment) => sum + segment.customers * (segment.ruleCoverage ?? 0), 0)
  return ['', `Rules put ${formatShare(right / customers)} of the customers into their segment.`]
}
