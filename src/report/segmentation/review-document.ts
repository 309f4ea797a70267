import type { Effectiveness, EffectivenessParts } from '../../effectiveness/judge-effectiveness.ts'
import type { SegmentOutcomes } from '../../effectiveness/segment-outcomes.ts'
import { segmentOutcomeTables } from '../segment-outcome-tables.ts'
import { formatCount, formatInstant, formatShare } from '../../run/figures.ts'
import { formatRunId } from '../../run/run-key.ts'
import { bandMeanings, partTitles, shareText } from '../effectiveness-lines.ts'
import type { Chapter, ReportDocument } from './document.ts'

/** A review, as a page needs it. */
export interface ReviewedRun extends Effectiveness {
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  readonly judgedBy: string
  /** ISO 8601, UTC. */
  readonly from: string
  readonly until: string
  readonly target: number
  readonly outcomes: SegmentOutcomes | null
}

/** The page of a review. @param earlier other reviews of the pipeline, in any order */
export function reviewDocument(review: ReviewedRun, earlier: readonly ReviewedRun[]): ReportDocument {
  const { pipeline, judgedBy, from, until, index, band, target, customers } = review
  const trend = trendSentence(review, earlier)
  return {
    title: `Review of ${formatRunId(review)}`,
    facts: [
      pipeline,
      `what customers did from ${formatInstant(from)} to ${formatInstant(until)}`,
      `known by ${judgedBy}`,
      `${formatCount(customers)} customers`,
    ],
    verdict:
      index === null
        ? null
        : {
            outcome: index >= target ? 'pass' : 'warn',
            text: `${index.toFixed(0)} of 100 (${band!}), the target ${target} is ${index >= target ? 'met' : 'not met'}`,
          },
    finding: [
      index === null
        ? 'Nothing came in this time that segments could explain.'
        : `At ${index.toFixed(0)} of 100 these ${bandMeanings[band!]}`,
      besideRfm(review),
      review.permutationP <= 0.05
        ? `Segments drawn by lot explain as much of the spend in ${formatShare(review.permutationP)} of cases.`
        : `Segments drawn by lot explain as much of the spend in ${formatShare(review.permutationP)} of cases: it may be chance.`,
      ...(trend === null ? [] : [trend]),
    ],
    chapters: [partsChapter(review), ...trendChapter(review, earlier), ...outcomeChapters(review), methodChapter()],
  }
}

/** How the index came along since the review before; null where there is none, or either has no index. */
export function trendSentence(
  review: Pick<ReviewedRun, 'from' | 'index'>,
  others: readonly ReviewedRun[],
): string | null {
  const before = inTime(others)
    .filter(({ from }) => Date.parse(from) < Date.parse(review.from))
    .at(-1)
  if (!before || before.index === null || review.index === null) return null
  const change = Math.round(review.index) - Math.round(before.index)
  const how = change === 0 ? 'as before' : `${Math.abs(change)} ${change > 0 ? 'more' : 'less'} than before`
  return `That is ${how}: ${formatRunId(before)} came to ${before.index.toFixed(0)}.`
}

/** What segments explain of the spend, over what plain RFM quintiles do; null: one of them explains nothing. */
export function ratioToRfm({ parts, rfm }: Pick<Effectiveness, 'parts' | 'rfm'>): number | null {
  const [own, theirs] = [parts.spendExplained, rfm.spendExplained]
  return own === null || theirs === null || theirs <= 0 ? null : Math.max(0, own) / theirs
}

function besideRfm(review: ReviewedRun): string {
  const ratio = ratioToRfm(review)
  if (ratio === null) return 'Plain RFM quintiles explain nothing of it either.'
  return `Of what customers spent they explain ${ratio.toFixed(2)} times what plain RFM quintiles do.`
}

function partsChapter({ parts, rfm }: ReviewedRun): Chapter {
  const isBeside = (part: keyof EffectivenessParts): part is keyof typeof rfm => part in rfm
  return {
    id: 'parts',
    title: 'What the index is made of',
    parts: [
      {
        table: {
          caption: 'Each part of segments, and of plain RFM quintiles',
          columns: [
            { title: 'Part' },
            { title: 'Segments', align: 'right' },
            { title: 'RFM quintiles', align: 'right' },
          ],
          rows: (Object.keys(partTitles) as (keyof EffectivenessParts)[]).map((part) => [
            { text: partTitles[part] },
            { text: shareText(parts[part]) },
            { text: isBeside(part) ? shareText(rfm[part]) : '' },
          ]),
        },
      },
    ],
  }
}

function trendChapter(review: ReviewedRun, earlier: readonly ReviewedRun[]): readonly Chapter[] {
  const all = inTime([...earlier, review])
  if (all.length < 2) return []
  const labels = all.map(({ runKey }) => runKey.split('@')[1]!)
  const sentence = trendSentence(review, earlier)
  return [
    {
      id: 'trend',
      title: 'Over the reviews',
      parts: [
        {
          figure: {
            title: sentence ?? 'The index of each review',
            note: 'Effectiveness and its target, by the as-of of the run that was judged.',
            chart: {
              kind: 'lines',
              labels,
              series: [
                // The chart is of shares.
                { name: 'Effectiveness', values: all.map(({ index }) => (index === null ? null : index / 100)) },
                { name: 'Target', values: all.map(({ target }) => target / 100) },
              ],
            },
            table: {
              caption: 'Effectiveness of each reviewed run',
              columns: [
                { title: 'Run' },
                { title: 'Judged by' },
                ...['Index', 'Target', 'Beside RFM'].map((title) => ({ title, align: 'right' as const })),
              ],
              rows: all.map((one) => [
                { text: formatRunId(one) },
                { text: one.judgedBy },
                {
                  text: one.index === null ? '–' : one.index.toFixed(0),
                  ...(one.index !== null && { tone: one.index >= one.target ? ('pass' as const) : ('warn' as const) }),
                },
                { text: String(one.target) },
                { text: ratioToRfm(one)?.toFixed(2) ?? '–' },
              ]),
            },
          },
        },
      ],
    },
  ]
}

function outcomeChapters({ outcomes }: ReviewedRun): readonly Chapter[] {
  return (outcomes ? segmentOutcomeTables(outcomes) : []).map(({ title, sentences, columns, rows }, at) => ({
    id: `outcome-${at + 1}`,
    title,
    parts: [
      {
        paragraphs: sentences,
        table: {
          caption: title,
          columns: columns.map((column, i) => ({ title: column, ...(i > 0 && { align: 'right' as const }) })),
          rows: rows.map((row) => row.map((text) => ({ text }))),
        },
      },
    ],
  }))
}

function methodChapter(): Chapter {
  return {
    id: 'method',
    title: 'How to read it',
    parts: [
      {
        list: [
          'Below 20 of 100 is low, from 20 moderate, from 40 good, from 60 high.',
          'The segments are those that were published; everything they are judged by happened after their as-of. Nothing of the outcome was known when they were made.',
          'What is explained is corrected for chance: segments drawn by lot come to about 0, however stable they are.',
        ],
      },
    ],
  }
}

function inTime(reviews: readonly ReviewedRun[]): readonly ReviewedRun[] {
  return [...reviews].sort((a, b) => Date.parse(a.from) - Date.parse(b.from) || a.revision - b.revision)
}
