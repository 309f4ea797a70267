import { format } from 'prettier'
import { formatCount, formatShare } from '../../src/run/figures.ts'
import { lineageTexts, notableLineage, type LineageEdge } from '../../src/run/lineage.ts'
import { moveReasonTexts, type MoveReason } from '../../src/run/transition.ts'

/** One publication of an example, as the views tell of it. */
export interface PublishedQuarter {
  /** `2011-03-01` */
  readonly asOf: string
  readonly verdict: string
  /** What a person said who approved it; null: it needed nobody. */
  readonly approvedBecause: string | null
  readonly segments: readonly { readonly key: string; readonly name: string; readonly customers: number }[]
  readonly transitions: readonly Transition[]
  readonly lineage: readonly LineageEdge[]
  readonly checks: readonly { readonly gate: string; readonly outcome: string; readonly message: string }[]
  /** Segment → overlap with itself in the quarter before; empty for the first. */
  readonly overlaps: Readonly<Record<string, number>>
}

export interface Transition {
  /** Null: not a customer before. */
  readonly from: string | null
  /** Null: gone. */
  readonly to: string | null
  /** Null: stayed. */
  readonly reason: MoveReason | null
  readonly customers: number
}

export interface ExamplePage {
  readonly title: string
  readonly about: string
  readonly attribution: string
  /** YAML of the pipeline. */
  readonly definition: string
  readonly quarters: readonly PublishedQuarter[]
}

const LARGEST_MOVES = 8

/** The page of an example: nobody's id is on it. */
export async function renderPage({ title, about, attribution, definition, quarters }: ExamplePage): Promise<string> {
  const names = new Map(quarters.flatMap(({ segments }) => segments.map(({ key, name }) => [key, name])))
  const text = [
    `# ${title}`,
    'Recorded by `UPDATE_EXAMPLES=1 npm run test:nightly -- test/nightly/public-quarters.nightly.ts`; the test plays the runs again and compares.',
    about,
    attribution,
    '```yaml',
    definition.trimEnd(),
    '```',
    ...quarters.flatMap((quarter, i) => quarterSection(quarter, quarters[i - 1] ?? null, names)),
  ].join('\n\n')
  const fenced = text.replace('```yaml\n\n', '```yaml\n').replace(/\n\n```\n/, '\n```\n')
  return format(fenced, { parser: 'markdown', printWidth: 120, semi: false, singleQuote: true })
}

type Names = ReadonlyMap<string, string>

function quarterSection(quarter: PublishedQuarter, before: PublishedQuarter | null, names: Names): readonly string[] {
  const { asOf, verdict, approvedBecause, checks, lineage } = quarter
  const lived = lineageTexts(notableLineage(lineage))
  const decision = approvedBecause === null ? '' : ` Held, and approved by a person: _${approvedBecause}_`
  return [
    `## As of ${asOf}`,
    `Verdict: **${verdict === 'not-computable' ? 'pass' : verdict}**.${decision}`,
    segmentTable(quarter, before),
    ...(before === null
      ? ['The first run: there was nothing to compare with.']
      : [
          lived.length === 0
            ? 'Every segment goes on.'
            : `What became of segments: ${lived.map((one) => withNames(one, names)).join('; ')}.`,
          `Who was where at ${before.asOf} (rows), and is where now (columns):`,
          transitionMatrix(quarter, before),
          'Why customers are elsewhere:',
          reasonTable(quarter),
          'The largest moves:',
          moveTable(quarter, names),
        ]),
    'Gates:',
    table(
      ['Gate', 'Outcome', 'What it saw'],
      checks
        .filter(({ outcome }) => before !== null || outcome !== 'not-computable')
        .map(({ gate, outcome, message }) => [`\`${gate}\``, outcome, message]),
    ),
  ]
}

function segmentTable({ segments, overlaps }: PublishedQuarter, before: PublishedQuarter | null): string {
  const total = sum(segments)
  const was = new Map(before?.segments.map(({ key, customers }) => [key, customers]))
  return table(
    ['Segment', 'Key', 'Customers', 'Share', ...(before ? ['Before', 'Same customers'] : [])],
    segments.map(({ key, name, customers }) => [
      name,
      `\`${key}\``,
      formatCount(customers),
      formatShare(customers / total),
      ...(before
        ? [was.has(key) ? formatCount(was.get(key)!) : '–', key in overlaps ? formatShare(overlaps[key]!) : '–']
        : []),
    ]),
  )
}

function transitionMatrix({ transitions, segments }: PublishedQuarter, before: PublishedQuarter): string {
  const count = (from: string | null, to: string | null): number =>
    sum(transitions.filter((one) => one.from === from && one.to === to))
  const rows = [...before.segments.map(({ key }) => key), null]
  const columns = [...segments.map(({ key }) => key), null]
  return table(
    ['', ...columns.map((key) => (key === null ? 'gone' : `\`${key}\``)), 'sum'],
    [
      ...rows.map((from) => [
        from === null ? 'not there' : `\`${from}\``,
        ...columns.map((to) => (from === null && to === null ? '' : formatCount(count(from, to)))),
        formatCount(sum(transitions.filter((one) => one.from === from))),
      ]),
      [
        'sum',
        ...columns.map((to) => formatCount(sum(transitions.filter((one) => one.to === to)))),
        formatCount(sum(transitions)),
      ],
    ],
  )
}

function reasonTable({ transitions }: PublishedQuarter): string {
  const reasons = [...new Set(transitions.flatMap(({ reason }) => (reason === null ? [] : [reason])))]
  const counted = reasons
    .map((reason) => ({ reason, customers: sum(transitions.filter((one) => one.reason === reason)) }))
    .sort((a, b) => b.customers - a.customers)
  return table(
    ['Why', 'Reason', 'Customers'],
    counted.map(({ reason, customers }) => [moveReasonTexts[reason], `\`${reason}\``, formatCount(customers)]),
  )
}

function moveTable({ transitions }: PublishedQuarter, names: Names): string {
  const moves = transitions
    .flatMap(({ reason, ...move }) => (reason === null ? [] : [{ ...move, reason }]))
    .sort((a, b) => b.customers - a.customers || orderOf(a).localeCompare(orderOf(b), 'en'))
  const named = (key: string | null): string => (key === null ? '–' : names.get(key)!)
  return table(
    ['From', 'To', 'Customers', 'Why'],
    moves
      .slice(0, LARGEST_MOVES)
      .map(({ from, to, reason, customers }) => [
        named(from),
        named(to),
        formatCount(customers),
        moveReasonTexts[reason],
      ]),
  )
}

const orderOf = ({ from, to, reason }: Transition): string => `${from} ${to} ${reason}`

/** `shop-3 (Lapsed)` for `shop-3`. */
function withNames(text: string, names: Names): string {
  return text.replace(/\b[a-z_]+-\d+\b/g, (key) => (names.has(key) ? `${names.get(key)} (\`${key}\`)` : key))
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const isFigure = (column: number): boolean => rows.every((row) => /^[–\d].*$|^$/.test(row[column]!))
  return [line(titles), line(titles.map((_, i) => (isFigure(i) ? '--:' : '---'))), ...rows.map(line)].join('\n')
}

function sum(counted: readonly { readonly customers: number }[]): number {
  return counted.reduce((total, { customers }) => total + customers, 0)
}
