import { formatCount, formatShare } from '../../run/figures.ts'
import { textTable } from '../text-table.ts'
import { SCREEN_COLUMNS, wrapText } from '../wrap-text.ts'
import { changeText } from './overview-chapters.ts'
import type { Report } from './report.ts'
import { valueText } from './value-text.ts'

/** The report on a screen: its sentences and its segments. */
export function reportLines({ pipeline, period, sentences, segments, currency }: Report): readonly string[] {
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
  ]
}
