import type { Effectiveness, EffectivenessBand, EffectivenessParts } from '../effectiveness/judge-effectiveness.ts'
import type { SegmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import { formatCount, formatShare } from '../run/figures.ts'
import { segmentOutcomeTables } from './segment-outcome-tables.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

/** Of a run, judged now or before. */
export interface EffectivenessLine extends Effectiveness {
  /** `shop@2026-07-01~1` */
  readonly run: string
  readonly judgedBy: string
  readonly target: number
  /** What its segments cost and brought; null: an earlier version judged it. */
  readonly outcomes: SegmentOutcomes | null
}

export const bandMeanings: Readonly<Record<EffectivenessBand, string>> = {
  low: 'segments hardly tell what their customers will do.',
  moderate: 'segments tell something of what their customers will do; look which part is weakest.',
  good: 'segments tell much of what their customers will do.',
  high: 'segments tell most of what can be told of what customers will do.',
}

export const partTitles: Readonly<Record<keyof EffectivenessParts, string>> = {
  spendExplained: 'Spend explained',
  conversionExplained: 'Conversion explained',
  targetingGain: 'Gain from targeting by segment',
  kpiSpread: 'Customers in segments that differ',
  stability: 'Stability',
  coverage: 'Coverage',
}

/** What the segments of a run told of what came after. */
export function effectivenessLines(line: EffectivenessLine): readonly string[] {
  const { run, judgedBy, index, band, target, customers, segments, parts, rfm, permutationP } = line
  const isBeside = (part: keyof EffectivenessParts): part is keyof typeof rfm => part in rfm
  const compared = index === null ? '' : index >= target ? `, the target ${target} is met` : `, the target is ${target}`
  return [
    index === null
      ? `${run}: nothing came until ${judgedBy} that segments could explain.`
      : `${run}: effectiveness ${index.toFixed(0)} of 100 (${band!})${compared}: ${bandMeanings[band!]}`,
    `${formatCount(segments)} segments of ${formatCount(customers)} customers, judged by what those did until ${judgedBy}.`,
    '',
    ...textTable(
      [{ title: 'Part' }, { title: 'Segments', align: 'right' }, { title: 'RFM quintiles', align: 'right' }],
      (Object.keys(partTitles) as (keyof EffectivenessParts)[]).map((part) => [
        partTitles[part],
        shareText(parts[part]),
        isBeside(part) ? shareText(rfm[part]) : '',
      ]),
    ),
    '',
    permutationP <= 0.05
      ? `Segments drawn by lot explain as much of the spend in ${formatShare(permutationP)} of cases.`
      : `Segments drawn by lot explain as much of the spend in ${formatShare(permutationP)} of cases: it may be chance.`,
    ...(line.outcomes ? segmentOutcomeTables(line.outcomes) : []).flatMap(({ title, sentences, columns, rows }) => [
      '',
      title,
      ...sentences.flatMap((sentence) => wrapText(sentence, SCREEN_COLUMNS)),
      '',
      ...textTable(
        columns.map((column, i) => ({ title: column, ...(i > 0 && { align: 'right' as const }) })),
        rows,
      ),
    ]),
  ]
}

/** Several, a row each. */
export function effectivenessTable(lines: readonly EffectivenessLine[]): readonly string[] {
  if (lines.length === 0)
    return ['Nothing was kept yet: `resegment effectiveness PIPELINE --save` keeps what it finds.']
  return textTable(
    [
      { title: 'Run' },
      { title: 'Judged by' },
      { title: 'Index', align: 'right' },
      { title: 'Band' },
      { title: 'Spend', align: 'right' },
      { title: 'RFM', align: 'right' },
      { title: 'Conversion', align: 'right' },
      { title: 'Gain', align: 'right' },
      { title: 'Stability', align: 'right' },
    ],
    lines.map(({ run, judgedBy, index, band, parts, rfm }) => [
      run,
      judgedBy,
      index === null ? '–' : index.toFixed(0),
      band ?? '',
      shareText(parts.spendExplained),
      shareText(rfm.spendExplained),
      shareText(parts.conversionExplained),
      shareText(parts.targetingGain),
      shareText(parts.stability),
    ]),
  )
}

export function shareText(share: number | null): string {
  return share === null ? '–' : formatShare(share)
}
