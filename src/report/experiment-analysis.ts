import type { ExperimentAnalysis } from '../experiment/analyse-experiment.ts'
import type { AdjustedComparison, Effect } from '../experiment/effect.ts'
import { formatDifference, formatP, formatValue } from '../experiment/figures.ts'
import { formatCount, formatShare } from '../run/figures.ts'
import { textTable, type TableColumn } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

const CORRECTIONS = { holm: 'Holm', 'benjamini-hochberg': 'Benjamini–Hochberg' } as const
const TESTS = { z: 'z', fisher: 'Fisher', welch: 'Welch', cuped: 'CUPED' } as const

/** What an experiment shows: the verdict first, then what it is made of. @param notes to be said of all of it */
export function experimentAnalysis(
  name: string,
  analysis: ExperimentAnalysis,
  notes: readonly string[] = [],
): readonly string[] {
  const { arms, sampleRatio, effects, alpha, correction } = analysis
  const wrap = (text: string): readonly string[] => wrapText(text, SCREEN_COLUMNS)
  return [
    ...wrap(
      `Experiment ${name}: ${arms.map((arm) => `${arm.name} ${formatCount(arm.customers)} of ${formatShare(arm.share)} meant`).join(', ')}.`,
    ),
    ...wrap(
      sampleRatio.isMismatch
        ? `Sample-ratio mismatch (p = ${formatP(sampleRatio.p)}): these sizes do not come about by chance. Nothing below can be trusted.`
        : `The sizes are what was meant, to chance (p = ${formatP(sampleRatio.p)}).`,
    ),
    ...effects.flatMap((effect) => ['', ...wrap(effect.verdict.words), ...detailsOf(effect)]),
    '',
    ...notes.flatMap(wrap),
    ...wrap(
      `Intervals of ${formatShare(1 - alpha)} each; p-values by ${CORRECTIONS[correction]} over the comparisons overall, and over those of segments.`,
    ),
  ]
}

function detailsOf(effect: Effect): readonly string[] {
  const { overall, segments, verdict, missing, kind } = effect
  const columns: TableColumn[] = [
    { title: 'Segment' },
    { title: 'Customers', align: 'right' },
    { title: 'Control', align: 'right' },
    { title: effect.arm, align: 'right' },
    { title: 'Difference', align: 'right' },
    { title: 'From', align: 'right' },
    { title: 'To', align: 'right' },
    { title: 'p', align: 'right' },
    { title: 'Test' },
  ]
  const rows = [
    rowOf('all', overall, effect),
    ...segments.map(({ segment, comparison }) => rowOf(segment, comparison, effect)),
  ]
  const notes = [
    ...(verdict.segmentWords === null ? [] : [verdict.segmentWords]),
    ...(overall?.bootstrap
      ? [
          `Bootstrap of all: ${formatDifference(overall.bootstrap.lower, kind)} to ${formatDifference(overall.bootstrap.upper, kind)}.`,
        ]
      : []),
    ...(overall?.exactP != null ? [`Fisher's exact test of all: p = ${formatP(overall.exactP)}.`] : []),
    ...(overall?.varianceReduction != null
      ? [`What was known before takes away ${formatShare(overall.varianceReduction)} of the variance (CUPED).`]
      : []),
    ...(missing > 0 ? [`${formatCount(missing)} customers have no value and are left out.`] : []),
  ]
  return [...textTable(columns, rows), ...notes.flatMap((note) => wrapText(note, SCREEN_COLUMNS))]
}

function rowOf(segment: string, found: AdjustedComparison | null, { kind }: Effect): readonly string[] {
  if (found === null) return [segment, '', '', '', 'not known', '', '', '', '']
  const { controlSize, armSize, control, arm, difference, interval, adjustedP, test } = found
  return [
    segment,
    formatCount(controlSize + armSize),
    formatValue(control, kind),
    formatValue(arm, kind),
    formatDifference(difference, kind),
    formatDifference(interval.lower, kind),
    formatDifference(interval.upper, kind),
    formatP(adjustedP),
    TESTS[test],
  ]
}
