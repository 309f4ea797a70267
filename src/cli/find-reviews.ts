import type { Environment } from '../config/environment.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import type { Definition } from '../plan/definition.ts'
import type { JudgedRun } from '../ports/effectiveness-book.ts'
import type { ReportDocument } from '../report/segmentation/document.ts'
import { reviewDocument } from '../report/segmentation/review-document.ts'
import { formatRunId } from '../run/run-key.ts'
import { openEffectivenessBook } from '../wiring/effectiveness.ts'
import type { CommandContext } from './command-context.ts'
import { namedRun, warehouseOf } from './find-definition.ts'
import { withReader } from './read-warehouse.ts'
import type { Servers } from './servers.ts'

/** Among so many runs that were taken back, the newest, those of reviews are looked for. */
const LOOKED_AT = 200

/** Reviews of a pipeline that stand, oldest first: of none of them somebody took back the run, or the one that knew what came. */
export async function findReviews(environment: Environment, definition: Definition): Promise<readonly JudgedRun[]> {
  const { pipeline } = definition.pipeline
  const book = openEffectivenessBook(environment, warehouseOf(definition))
  try {
    const reviews = (await book.kept(pipeline)).filter(({ isReview }) => isReview)
    if (reviews.length === 0) return []
    const undone = await withReader(environment, definition, (reader) =>
      reader.runs(pipeline, LOOKED_AT, { statuses: ['rolled_back'] }),
    )
    const ids = new Set(undone.map(formatRunId))
    return reviews.filter((one) => !ids.has(formatRunId(one)) && !ids.has(one.judgedBy))
  } finally {
    await book.close()
  }
}

/** The page of the review of a run. @throws RunNotFound */
export async function makeReview(
  context: CommandContext,
  { environment }: Servers,
  runId: string,
): Promise<ReportDocument> {
  const reviews = await findReviews(environment, namedRun(context, runId).definition)
  const found = reviews.find((one) => formatRunId(one) === runId)
  if (!found)
    throw new RunNotFound(`${runId} has no review.`, `Review it when its window is over: resegment review ${runId}`)
  return reviewDocument(
    found,
    reviews.filter((one) => one !== found),
  )
}
