import { formatCount, formatShare } from '../run/figures.ts'
import { lineageTexts, notableLineage } from '../run/lineage.ts'
import { summarizeMoves } from '../run/moves.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import type { RunDiff } from '../stages/validate/diff/run-diff.ts'
import { countOf } from './figures.ts'
import { moveTable } from './move-table.ts'
import { block } from './run-report.ts'
import { textTable } from './text-table.ts'
import { transitionMatrix } from './transition-matrix.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const MOST_FEATURES = 10

/** Two runs side by side: a screen or two. */
export function runDiff(diff: RunDiff): readonly string[] {
  const { before, after, comparison, lineage } = diff
  const names = new Map([...before.segments, ...after.segments].map(({ segmentKey, name }) => [segmentKey, name]))
  const nameOf = (key: string): string => names.get(key) ?? key
  return [
    `${before.run} (${before.period}, ${before.status}) → ${after.run} (${after.period}, ${after.status})`,
    ...wrapText(populations(diff), SCREEN_COLUMNS),
    ...wrapText(`${sourceText(diff)}`, SCREEN_COLUMNS),
    ...block(segmentTable(comparison, nameOf)),
    ...block(bornAndGone(diff, nameOf)),
    ...block(texts(lineageTexts(notableLineage(lineage)))),
    ...block(transitionMatrix(diff.transitions)),
    ...moves(diff, nameOf),
    ...block(spendTable(comparison, nameOf)),
    ...block(agreement(comparison)),
    ...block(driftTable(comparison)),
  ]
}

function populations({ customersBefore, customers, panel, moved, comparison }: RunDiff): string {
  const count = (name: ComparisonMeasure['measure']): number => figure(comparison, name)?.value ?? 0
  const arrived = count('new') + count('returned')
  const share = panel === 0 ? '' : ` (${formatShare(moved / panel)})`
  return `${countOf(customersBefore, 'customer')} before, ${formatCount(customers)} now: ${formatCount(panel)} in both, ${formatCount(arrived)} only now, ${formatCount(count('lost'))} only before. ${formatCount(moved)} of those in both${share} are in another segment.`
}

function sourceText({ source, before, after }: RunDiff): string {
  return source === 'stored'
    ? `${after.run} was compared with exactly ${before.run}: this is what it found.`
    : 'Counted anew from what both runs have stored.'
}

function segmentTable(comparison: readonly ComparisonMeasure[], nameOf: (key: string) => string): readonly string[] {
  const sizes = comparison.filter(({ measure }) => measure === 'customers')
  if (sizes.length === 0) return []
  const shares = (key: string | null): readonly string[] => {
    const found = figure(comparison, 'share', key)
    return [found?.previous, found?.value].map((one) => (one === null || one === undefined ? '–' : formatShare(one)))
  }
  const right = ['Before', 'Now', 'Change', '', 'Share', 'Now', 'Overlap']
  return textTable(
    [{ title: 'Segment' }, ...right.map((title) => ({ title, align: 'right' as const })), { title: 'Key' }],
    sizes.map(({ subject, value, previous }) => {
      const change = value - (previous ?? 0)
      const overlap = figure(comparison, 'jaccard', subject)
      return [
        nameOf(subject!),
        previous === null ? '–' : formatCount(previous),
        formatCount(value),
        `${change > 0 ? '+' : ''}${formatCount(change)}`,
        previous === null || previous === 0 ? 'new' : signed(change / previous),
        ...shares(subject),
        overlap === undefined ? '–' : formatShare(overlap.value),
        subject!,
      ]
    }),
  )
}

function bornAndGone({ appeared, ended }: RunDiff, nameOf: (key: string) => string): readonly string[] {
  const list = (keys: readonly string[]): string => keys.map((key) => `${nameOf(key)} (${key})`).join(', ')
  return texts([
    ...(appeared.length > 0 ? [`Only now: ${list(appeared)}.`] : []),
    ...(ended.length > 0 ? [`Only before: ${list(ended)}.`] : []),
  ])
}

function moves({ transitions, withoutReasons }: RunDiff, nameOf: (key: string) => string): readonly string[] {
  if (withoutReasons !== null) return block(texts([`Nobody can say why customers moved. ${withoutReasons}`]))
  const table = moveTable(summarizeMoves(transitions, nameOf))
  return block(table.length > 0 ? ['Who moved and why:', ...table] : [])
}

function agreement(comparison: readonly ComparisonMeasure[]): readonly string[] {
  const line = (title: string, measure: ComparisonMeasure['measure'], write: (value: number) => string): string[] => {
    const found = figure(comparison, measure)
    return found === undefined ? [] : [`${title.padEnd(30)}${write(found.value)}`]
  }
  const plain = (value: number): string => value.toFixed(3)
  return [
    ...line('Adjusted Rand index', 'adjusted_rand', plain),
    ...line('Adjusted mutual information', 'adjusted_mutual_information', plain),
    ...line('Variation of information', 'variation_of_information', plain),
    ...line('Drift of the sizes (PSI)', 'share_drift', plain),
    ...line('Spend in another segment', 'kpi_moved', formatShare),
  ]
}

/** Money is what a move costs, not heads. */
function spendTable(comparison: readonly ComparisonMeasure[], nameOf: (key: string) => string): readonly string[] {
  const found = comparison.filter(({ measure }) => measure === 'kpi_share')
  if (found.length === 0) return []
  const columns = ['By former members', 'By members now'].map((title) => ({ title, align: 'right' as const }))
  return textTable(
    [{ title: 'Share of today’s spend' }, ...columns],
    found.map(({ subject, value, previous }) => [
      nameOf(subject!),
      previous === null ? '–' : formatShare(previous),
      formatShare(value),
    ]),
  )
}

function driftTable(comparison: readonly ComparisonMeasure[]): readonly string[] {
  const drifts = comparison
    .filter(({ measure }) => measure === 'feature_drift')
    .toSorted((a, b) => b.value - a.value)
    .slice(0, MOST_FEATURES)
  if (drifts.length === 0) return []
  const plain = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : value.toFixed(3)
  return textTable(
    [
      { title: 'Feature' },
      { title: 'Drift (PSI)', align: 'right' },
      { title: 'By chance', align: 'right' },
      { title: 'KS', align: 'right' },
    ],
    drifts.map(({ subject, value, previous }) => [
      subject!,
      plain(value),
      plain(previous),
      plain(figure(comparison, 'feature_ks', subject)?.value),
    ]),
  )
}

function figure(
  comparison: readonly ComparisonMeasure[],
  measure: ComparisonMeasure['measure'],
  subject: string | null = null,
): ComparisonMeasure | undefined {
  return comparison.find((one) => one.measure === measure && one.subject === subject)
}

function signed(share: number): string {
  return `${share > 0 ? '+' : ''}${formatShare(share)}`
}

function texts(sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((text) => wrapText(text, SCREEN_COLUMNS))
}
