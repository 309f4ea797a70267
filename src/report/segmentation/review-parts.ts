import type { EffectivenessBand } from '../../effectiveness/judge-effectiveness.ts'
import { formatInstant } from '../../run/figures.ts'
import type { Part } from './document.ts'

/** A review, as the index shows it. */
export interface IndexedReview {
  /** The run whose segments were judged: `shop@2026-07-01~1`. */
  readonly runId: string
  /** The run that knew what came. */
  readonly judgedBy: string
  /** ISO 8601, UTC: what was looked at. */
  readonly from: string
  readonly until: string
  /** 0 to 100; null: nothing came that segments could explain. */
  readonly index: number | null
  readonly band: EffectivenessBand | null
  readonly target: number
  /** Where its page is in the files of the run; null: there is none. */
  readonly reportUri: string | null
}

const SHOWN_REVIEWS = 8

/**
 * How effective segments were found to be: the newest review, and those before it.
 *
 * @param reviews oldest first
 * @param hrefOf where the page of a review is; absent: nowhere that a link could lead to
 */
export function reviewParts(
  reviews: readonly IndexedReview[],
  hrefOf: ((runId: string) => string) | undefined,
): readonly Part[] {
  const newest = reviews.at(-1)
  if (!newest) return []
  return [
    {
      title: 'What the segments told of what came after',
      facts: [
        {
          label: 'Effectiveness',
          value: newest.index === null ? 'not known' : `${newest.index.toFixed(0)} of 100 (${newest.band!})`,
          note:
            newest.index === null
              ? `nothing came ${windowText(newest)} that segments could explain`
              : `${windowText(newest)}; the target ${newest.target} is ${isMet(newest) ? 'met' : 'not met'}`,
        },
      ],
      table: {
        caption: 'Reviews of effectiveness, the newest first',
        columns: [
          { title: 'Reviewed run' },
          { title: 'Judged by what came' },
          { title: 'Known by' },
          { title: 'Index', align: 'right' },
          { title: 'Target', align: 'right' },
          { title: 'Band' },
        ],
        rows: [...reviews]
          .reverse()
          .slice(0, SHOWN_REVIEWS)
          .map((review) => [
            { text: review.runId, ...(hrefOf && { href: hrefOf(review.runId) }) },
            { text: windowText(review) },
            { text: review.judgedBy },
            {
              text: review.index === null ? '–' : review.index.toFixed(0),
              ...(review.index !== null && { tone: isMet(review) ? ('pass' as const) : ('warn' as const) }),
            },
            { text: String(review.target) },
            { text: review.band ?? '–' },
          ]),
      },
    },
  ]
}

/** Both ends are as-ofs or ends of windows. */
function windowText({ from, until }: IndexedReview): string {
  return `from ${formatInstant(from)} to ${formatInstant(until)}`
}

function isMet({ index, target }: IndexedReview): boolean {
  return index !== null && index >= target
}
