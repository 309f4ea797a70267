import { formatCount, formatShare } from '../../run/figures.ts'
import { moveReasonTexts, type MoveReason } from '../../run/transition.ts'
import type { ComparedRun } from './compared-run.ts'
import type { Section, Table } from './page.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import { withheldWays } from './withhold.ts'

/** A matrix that is wider is not read; the view has it. */
const WIDEST_MATRIX = 14
const SHOWN_MOVES = 20

/** All customers who went the same way, whatever for; null: not a customer before, or any more. */
export interface Way {
  readonly from: string | null
  readonly to: string | null
  readonly customers: number
  readonly reasons: ReadonlyMap<MoveReason, number>
}

/** Who moves from where to where, and why. */
export function moveSections(run: ComparedRun): readonly Section[] {
  const { transitions } = run.findings
  if (run.against === null || transitions.length === 0) return []
  const ways = waysOf(transitions)
  const rows = keysOf(ways, 'from')
  const columns = keysOf(ways, 'to')
  const found = (from: string | null, to: string | null) => ways.find((way) => way.from === from && way.to === to)
  const counts = rows.map((from) => columns.map((to) => found(from, to)?.customers ?? 0))
  const isWithheld = withheldWays(transitions)
  const isWide = columns.length > WIDEST_MATRIX || rows.length > WIDEST_MATRIX
  return [
    {
      title: 'Who moves, and why',
      lead: 'Rows are where customers were, columns where they are now: segments that go on come first, in the same order.',
      tables: [
        ...(isWide ? [] : [matrix(run, rows, columns, counts, isWithheld)]),
        ...reasonTables(run, ways, isWithheld),
      ],
      foot: `·: ${SMALLEST_CELL - 1} customers or fewer, or a figure that would give such a one away.${isWide ? ' View segment_transitions has the whole matrix once the run is published.' : ''}`,
    },
  ]
}

/** Names a segment, now or before. */
export function nameOf({ findings, namesBefore }: ComparedRun, key: string): string {
  return findings.segments.find(({ segmentKey }) => segmentKey === key)?.name ?? namesBefore[key] ?? key
}

export function waysOf(transitions: ComparedRun['findings']['transitions']): readonly Way[] {
  const ways = new Map<
    string,
    { from: string | null; to: string | null; reasons: Map<MoveReason, number>; n: number }
  >()
  for (const { fromSegmentKey: from, toSegmentKey: to, moveReason, customers } of transitions) {
    const id = JSON.stringify([from, to])
    const way = ways.get(id) ?? { from, to, reasons: new Map<MoveReason, number>(), n: 0 }
    way.n += customers
    if (moveReason) way.reasons.set(moveReason, (way.reasons.get(moveReason) ?? 0) + customers)
    ways.set(id, way)
  }
  return [...ways.values()].map(({ n, ...way }) => ({ ...way, customers: n }))
}

/** Those that go on first, so that they stand on the diagonal; then by size, and nobody last. */
function keysOf(ways: readonly Way[], side: 'from' | 'to'): readonly (string | null)[] {
  const touching = (key: string): readonly Way[] => ways.filter(({ from, to }) => from === key || to === key)
  const size = (key: string): number => touching(key).reduce((sum, { customers }) => sum + customers, 0)
  const goesOn = (key: string): boolean => ways.some(({ from }) => from === key) && ways.some(({ to }) => to === key)
  const keys = [...new Set(ways.map((way) => way[side]))]
  const segments = keys
    .filter((key) => key !== null)
    .sort((a, b) => Number(goesOn(b)) - Number(goesOn(a)) || size(b) - size(a) || (a < b ? -1 : 1))
  return [...segments, ...(keys.includes(null) ? [null] : [])]
}

function matrix(
  run: ComparedRun,
  rows: readonly (string | null)[],
  columns: readonly (string | null)[],
  counts: readonly (readonly number[])[],
  isWithheld: ReturnType<typeof withheldWays>,
): Table {
  return {
    caption: 'Customers by the segment they were in (rows) and are in now (columns)',
    columns: [
      { title: 'From' },
      ...columns.map((to) => ({ title: to === null ? 'gone' : nameOf(run, to), align: 'right' as const })),
    ],
    rows: rows.map((from, i) => {
      const total = counts[i]!.reduce((sum, count) => sum + count, 0)
      return [
        from === null ? { text: 'not there before' } : { text: nameOf(run, from), note: from },
        ...counts[i]!.map((count, j) =>
          isWithheld(from, columns[j]!)
            ? { text: '·' }
            : { text: count === 0 ? '' : formatCount(count), ...(count > 0 && { heat: count / total }) },
        ),
      ]
    }),
  }
}

function reasonTables(
  run: ComparedRun,
  ways: readonly Way[],
  isWithheld: ReturnType<typeof withheldWays>,
): readonly Table[] {
  const moves = ways.filter(({ reasons }) => reasons.size > 0).sort((a, b) => b.customers - a.customers)
  const shown = moves.filter((way) => !isWithheld(way.from, way.to)).slice(0, SHOWN_MOVES)
  const rest = moves.length - shown.length
  if (shown.length === 0) return []
  const name = (key: string | null, none: string) =>
    key === null ? { text: none } : { text: nameOf(run, key), note: key }
  return [
    {
      caption: `The largest moves with their reasons${rest > 0 ? `; ${formatCount(rest)} smaller ones are not listed` : ''}`,
      columns: [{ title: 'From' }, { title: 'To' }, { title: 'Customers', align: 'right' }, { title: 'Why' }],
      rows: shown.map((way) => [
        name(way.from, 'not there before'),
        name(way.to, 'gone'),
        { text: formatCount(way.customers) },
        { text: whyText(way) },
      ]),
    },
  ]
}

/** Without figures where one of them would tell of a few customers. */
function whyText({ reasons, customers }: Way): string {
  const sorted = [...reasons].sort((a, b) => b[1] - a[1])
  if (sorted.length === 1) return moveReasonTexts[sorted[0]![0]]
  const isSafe = sorted.every(([, count]) => count >= SMALLEST_CELL)
  if (isSafe)
    return sorted.map(([reason, count]) => `${moveReasonTexts[reason]} ${formatShare(count / customers)}`).join(', ')
  const large = sorted.filter(([, count]) => count >= SMALLEST_CELL)
  return [...large.map(([reason]) => `mostly ${moveReasonTexts[reason]}`), 'a few for other reasons'].join(', ')
}
