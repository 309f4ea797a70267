import type { Definition } from '../../plan/definition.ts'
import { formatInstant } from '../../run/figures.ts'
import type { Notice } from '../../run/notice.ts'
import { formatRunId, type RunIdentity } from '../../run/run-key.ts'
import { targetOption } from '../../run/target-option.ts'
import { bandMeanings } from '../effectiveness-lines.ts'
import { type ReviewedRun, trendSentence } from '../segmentation/review-document.ts'
import { ofPipeline, subjectOf } from './told-pipeline.ts'

/** A review as people are told of it. */
export interface ToldReview extends Pick<ReviewedRun, 'from' | 'until' | 'index' | 'band' | 'target'> {
  readonly run: RunIdentity
  readonly judge: RunIdentity
  readonly reportUri: string | null
}

/** @param reviews of the pipeline, this one among them or not */
export function describeReviewNotice(
  definition: Definition,
  review: ToldReview,
  reviews: readonly ReviewedRun[],
): Notice {
  const { index, band, target, from, until, reportUri } = review
  const [run, judge] = [formatRunId(review.run), formatRunId(review.judge)]
  const trend = trendSentence(review, reviews)
  return {
    kind: 'reviewed',
    // By another judge it is another review.
    key: `${definition.pipeline.pipeline}/${run}/reviewed/${judge}`,
    ...ofPipeline(definition),
    run,
    subject: subjectOf(
      definition.targetName,
      index === null ? `${run} was reviewed` : `${run} was reviewed: ${index.toFixed(0)} of 100 (${band!})`,
    ),
    sentences: [
      `Its segments were judged by what their customers did from ${formatInstant(from)} to ${formatInstant(until)}.`,
      ...(index === null
        ? ['Nothing came that segments could explain.']
        : [
            `The target ${target} is ${index >= target ? 'met' : 'not met'}: these ${bandMeanings[band!]}`,
            ...(trend === null ? [] : [trend]),
          ]),
    ],
    steps: [
      {
        text: 'All reviews:',
        command: `resegment effectiveness ${definition.pipeline.pipeline} --history${targetOption(definition.targetName)}`,
      },
    ],
    links: reportUri === null ? [] : [{ title: 'Review', address: reportUri }],
  }
}
