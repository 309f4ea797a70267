import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { IndexedPipeline } from '../report/segmentation/index-document.ts'
import { withholdPaths } from '../report/segmentation/withhold-paths.ts'
import { formatRunId } from '../run/run-key.ts'
import { findReviews } from './find-reviews.ts'
import { withReader } from './read-warehouse.ts'

/** Publications that a trend is drawn of. */
const SHOWN_RUNS = 12
/** Among so many runs they are looked for: others failed, or were replaced. */
const LOOKED_AT = 60

/** The newest publications of a pipeline, oldest first, one a run key; the paths of customers, and reviews. */
export async function readIndex(environment: Environment, definition: Definition): Promise<IndexedPipeline> {
  const { pipeline, description } = definition.pipeline
  const read = await withReader(environment, definition, async (reader) => {
    const rows = await reader.runs(pipeline, LOOKED_AT, { statuses: ['published'] })
    const newest = rows.filter((row, i) => rows.findIndex(({ runKey }) => runKey === row.runKey) === i)
    const runs = []
    for (const row of newest.slice(0, SHOWN_RUNS).reverse()) {
      const described = await reader.describeRun(row.runKey, row.revision)
      const { period, asOf, verdict, isLive, moved } = row
      runs.push({ runId: formatRunId(row), period, asOf, verdict, isLive, moved, segments: described?.segments ?? [] })
    }
    const paths = await reader.paths(pipeline)
    return { runs, paths: (paths && withholdPaths(paths)) ?? null }
  })
  const reviews = (await findReviews(environment, definition)).map(
    ({ runKey, revision, judgedBy, from, until, index, band, target, reportUri }) => ({
      runId: formatRunId({ runKey, revision }),
      ...{ judgedBy, from, until, index, band, target, reportUri },
    }),
  )
  return { pipeline, description, ...read, reviews }
}
