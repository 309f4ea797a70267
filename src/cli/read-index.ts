import type { Definition } from '../plan/definition.ts'
import type { WarehouseReader } from '../ports/warehouse-reader.ts'
import type { IndexedPipeline } from '../report/segmentation/index-document.ts'
import { formatRunId } from '../run/run-key.ts'

/** Publications that a trend is drawn of. */
const SHOWN_RUNS = 12
/** Among so many runs they are looked for: others failed, or were replaced. */
const LOOKED_AT = 60

/** The newest publications of a pipeline, oldest first, one a run key. */
export async function readIndex(reader: WarehouseReader, { pipeline }: Definition): Promise<IndexedPipeline> {
  const rows = await reader.runs(pipeline.pipeline, LOOKED_AT, { statuses: ['published'] })
  const newest = rows.filter((row, i) => rows.findIndex(({ runKey }) => runKey === row.runKey) === i)
  const runs = []
  for (const row of newest.slice(0, SHOWN_RUNS).reverse()) {
    const described = await reader.describeRun(row.runKey, row.revision)
    const { period, asOf, verdict, isLive, moved } = row
    runs.push({ runId: formatRunId(row), period, asOf, verdict, isLive, moved, segments: described?.segments ?? [] })
  }
  return { pipeline: pipeline.pipeline, description: pipeline.description, runs }
}
