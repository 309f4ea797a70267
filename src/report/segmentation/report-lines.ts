import { formatCount, formatShare } from '../../run/figures.ts'
import type { NearestOfRun } from '../../run/nearest-customers.ts'
import { textTable } from '../text-table.ts'
import { SCREEN_COLUMNS, wrapText } from '../wrap-text.ts'
import { absenceText, nearestText } from './nearest-text.ts'
import { changeText } from './overview-chapters.ts'
import type { Report } from './report.ts'
import { valueText } from './value-text.ts'

/** The report on a screen: its sentences and its segments. @param nearest whom to name by their ids; absent: nobody */
export function reportLines(
  { pipeline, period, sentences, segments, currency }: Report,
  nearest?: NearestOfRun,
): readonly string[] {
  return [
    `Customer segments of ${pipeline}, ${period}`,
    '',
    ...sentences.flatMap((sentence, i) => wrapText(`${i + 1}. ${sentence}`, SCREEN_COLUMNS)),
    '',
    ...textTable(
      [
        { title: 'Segment' },
        ...['Customers', 'Share', 'Change', 'Revenue', 'Each'].map((title) => ({ title, align: 'right' as const })),
      ],
      segments.map((segment) => [
        segment.name,
        segment.customers === null ? 'few' : formatCount(segment.customers),
        formatShare(segment.share),
        changeText(segment),
        segment.moneyShare === null ? '–' : formatShare(segment.moneyShare),
        segment.moneyEach === null ? '–' : valueText(segment.moneyEach, currency ?? ''),
      ]),
    ),
    ...(nearest ? ['', ...nearestLines(segments, nearest)] : []),
  ]
}

function nearestLines(segments: Report['segments'], nearest: NearestOfRun): readonly string[] {
  if ('absent' in nearest) return wrapText(absenceText(nearest.absent), SCREEN_COLUMNS)
  return [
    'Customers nearest the middle of each segment:',
    ...segments.flatMap(({ segmentKey, name }) =>
      wrapText(`  ${name}: ${nearestText(nearest, segmentKey)}`, SCREEN_COLUMNS),
    ),
  ]
}
