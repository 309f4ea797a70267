import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Context } from '@temporalio/activity'
import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { SegmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import { kpiSettingsOf } from '../kpi/config.ts'
import { type DueReview, dueReviews, windowEnd } from '../plan/review.ts'
import { reviewSettingsOf } from '../plan/review-config.ts'
import type { ReviewInput } from '../plan/review-input.ts'
import type { JudgedRun } from '../ports/effectiveness-book.ts'
import type { Services } from '../ports/services.ts'
import { describeReviewNotice } from '../report/notices/review-notice.ts'
import { renderReportMarkdown } from '../report/segmentation/render-report-markdown.ts'
import { reviewDocument } from '../report/segmentation/review-document.ts'
import { formatRunId } from '../run/run-key.ts'
import { startNotices } from './announce.ts'
import { type Attempt, attempt } from './attempt.ts'
import { toActivityFailure } from './failures.ts'
import { type JudgingRun, measureEffectiveness } from './measure-effectiveness.ts'
import { measureSegmentOutcomes } from './measure-segment-outcomes.ts'
import { findOutcomeRun } from './outcome-run.ts'
import type { ReviewActivities } from './review-activities.ts'
import { renderPage } from './render-page.ts'

/** So many are judged at once at most: what crosses Temporal is small, and the next publication asks again. */
const MOST_REVIEWS = 50

export function makeReviewActivities(services: Services): ReviewActivities {
  return {
    findReviews: (input) => attempt(services, input.definition, () => findReviews(services, input)),
    reviewRun: (input, due) =>
      attempt(services, input.definition, async (attempt) => {
        const { definition } = input
        const { pipeline } = definition.pipeline
        const book = services.effectivenessBook(definition)
        const [run, judge] = [formatRunId(due.run), formatRunId(due.judge)]
        const judged = await findOutcomeRun(services, definition, due.run, due.from)
        // What is looked at ends with the window, wherever the judge looks from.
        const later = { ...(await findOutcomeRun(services, definition, due.judge, due.until)), until: due.until }
        const earlier = (await book.kept(pipeline)).filter((one) => one.isReview && formatRunId(one) !== run)
        const outcomes = await measureSegmentOutcomes(services, definition, judged, later)
        const sinceFirst = outcomes.lift && (await liftSinceFirst(services, input, due, later, earlier))
        const found: JudgedRun = {
          outcomes: { ...outcomes, ...(sinceFirst && { sinceFirst }) },
          ...(await measureEffectiveness(services, definition, judged, later)),
          ...{ pipeline, ...due.run, judgedBy: judge, from: due.from, until: due.until },
          ...{ target: kpiSettingsOf(definition.pipeline).effectiveness, isReview: true, reportUri: null },
        }
        attempt.reached('before-page')
        const reportUri = await putPage(services, input, due, reviewDocument(found, earlier), attempt)
        await book.keep({ ...found, reportUri })
        const { index, band, target } = found
        return { ...due, index, band, target, reportUri }
      }),
    async announceReview({ definition }, outcome) {
      try {
        const earlier = (await services.effectivenessBook(definition).kept(definition.pipeline.pipeline)).filter(
          (one) => one.isReview,
        )
        const notice = describeReviewNotice(definition, outcome, earlier)
        await startNotices(Context.current().client.workflow, definition, notice, 'reviewed')
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
  }
}

/** @throws WrongUsage when a run is named whose outcome is not known */
async function findReviews(services: Services, { definition, run }: ReviewInput): Promise<readonly DueReview[]> {
  const { pipeline } = definition
  const settings = reviewSettingsOf(pipeline)
  const runs = await services.effectivenessBook(definition).reviewable(pipeline.pipeline)
  if (!run) return dueReviews(pipeline, settings, runs).slice(0, MOST_REVIEWS)
  const named = formatRunId(run)
  const own = runs.find((one) => formatRunId(one) === named)
  if (own?.kind !== 'refit')
    throw new WrongUsage(
      own ? `${named} is a score run: it formed no segments.` : `${named} is not published, or was rolled back.`,
      `Name a published run that formed segments: resegment runs ${pipeline.pipeline}`,
    )
  const asked = runs.map((one) => (one === own ? { ...one, isReviewed: false } : { ...one, isReviewed: true }))
  const [due] = dueReviews(pipeline, settings, asked)
  if (due) return [due]
  throw new WrongUsage(
    `The window of ${named} ends ${windowEnd(pipeline, settings, own.asOf)}, and no published run looks from then or later: nothing knows its outcome.`,
    `Ask again after the next run, or judge it by less: resegment effectiveness ${pipeline.pipeline} --of ${named} --by RUN`,
  )
}

/** As the customers were drawn in the first run that was reviewed, while what it stored is kept. */
async function liftSinceFirst(
  services: Services,
  { definition }: ReviewInput,
  { from }: DueReview,
  later: JudgingRun,
  earlier: readonly JudgedRun[],
): Promise<SegmentOutcomes['sinceFirst']> {
  const first = earlier.find((one) => Date.parse(one.from) < Date.parse(from) && one.outcomes?.lift)
  if (!first) return undefined
  try {
    const drawn = await findOutcomeRun(services, definition, first, first.from)
    const { lift } = await measureSegmentOutcomes(services, definition, drawn, later)
    return lift ? { run: drawn.run, from: first.from, lift } : undefined
  } catch (error) {
    // Of an old run the rows may be gone: the review is of this one.
    if (error instanceof ArtifactMissing) return undefined
    throw error
  }
}

/** Beside the files of the run; @returns the address of the HTML page, null where the pipeline publishes no files */
async function putPage(
  services: Services,
  { definition }: ReviewInput,
  { run }: DueReview,
  document: ReturnType<typeof reviewDocument>,
  { scratchPath, signal }: Attempt,
): Promise<string | null> {
  const objects = services.objects(definition)
  if (!objects) return null
  const place = { ...run, pipeline: definition.pipeline.pipeline, prefix: definition.target.prefix }
  const pages = { 'review.md': renderReportMarkdown(document), 'review.html': await renderPage(document) }
  let uri: string | null = null
  for (const [name, text] of Object.entries(pages)) {
    const localPath = join(scratchPath, name)
    await writeFile(localPath, text)
    uri = await objects.writePage(place, name, localPath, signal)
  }
  return uri
}
