import type { TrialComparison } from '../effectiveness/compare-trials.ts'
import type { Effectiveness } from '../effectiveness/judge-effectiveness.ts'
import { formatCount } from '../run/figures.ts'
import { shareText } from './effectiveness-lines.ts'
import { ratioToRfm } from './segmentation/review-document.ts'
import { textTable } from './text-table.ts'

/** A way to segment that was tried, and what came of it; null: why it could not be tried. */
export interface TrialLine {
  readonly name: string
  readonly effectiveness: Effectiveness | null
  /** Spend explained over that of plain RFM quintiles; null: one of them explains nothing. */
  readonly ratioToRfm: number | null
  readonly failure: string | null
}

/** @param comparison of the lines that have an effectiveness, in their order */
export function trialLines(lines: readonly TrialLine[], comparison: TrialComparison): readonly string[] {
  const judged = lines.filter(({ effectiveness }) => effectiveness !== null)
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    ...textTable(
      [
        { title: 'Tried' },
        ...['Index', 'Band', 'Segments', 'Spend', 'Beside RFM', 'Conversion', 'Gain', 'Stability'].map(right),
        right('Less than the best'),
      ],
      lines.map(({ name, effectiveness: of, ratioToRfm: ratio }) => {
        if (of === null) return [name, 'failed', '', '', '', '', '', '', '', '']
        const at = judged.findIndex((one) => one.name === name)
        return [
          name,
          of.index === null ? '–' : of.index.toFixed(0),
          of.band ?? '',
          formatCount(of.segments),
          shareText(of.parts.spendExplained),
          ratio?.toFixed(2) ?? '–',
          shareText(of.parts.conversionExplained),
          shareText(of.parts.targetingGain),
          shareText(of.parts.stability),
          differenceText(comparison, at),
        ]
      }),
    ),
    '',
    verdictOf(judged, comparison),
    ...lines.flatMap(({ name, failure }) => (failure === null ? [] : [`${name} could not be tried: ${failure}`])),
  ]
}

export function trialLine(name: string, effectiveness: Effectiveness): TrialLine {
  return { name, effectiveness, ratioToRfm: ratioToRfm(effectiveness), failure: null }
}

function differenceText({ best, differences }: TrialComparison, at: number): string {
  const { difference, lower, upper } = differences[at]!
  if (at === best) return 'best'
  if (difference === null) return '–'
  if (lower === null || upper === null) return difference.toFixed(1)
  return `${difference.toFixed(1)} (${lower.toFixed(1)} to ${upper.toFixed(1)})`
}

function verdictOf(judged: readonly TrialLine[], { best, differences }: TrialComparison): string {
  if (best === null) return 'Nothing came that any of them could explain: which is best is not known.'
  const { name } = judged[best]!
  const alike = judged.filter((_, at) => at !== best && !differences[at]!.isSure).map((one) => one.name)
  if (judged.length === 1) return `There is nothing to compare ${name} with.`
  if (alike.length === 0) return `${name} is best, by more than chance.`
  return `${name} has the highest index; whether it is better than ${alike.join(', ')} is not known: the difference may be chance.`
}
