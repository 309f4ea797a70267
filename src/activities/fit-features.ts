import type { Manifest } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import { fitTransform } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Attempt } from './attempt.ts'
import { quoteName, quoteText } from '../sql/sql-text.ts'
import { withSession } from './read-artifact.ts'

/** One feature at a time, so that memory holds one column of all customers. Shards follow one another in bucket order. */
export async function fitFeatures(
  services: Services,
  attempt: Attempt,
  store: ArtifactStore,
  uri: string,
  parts: readonly Manifest[],
  specs: readonly FeatureSpec[],
): Promise<FittedTransforms> {
  const paths: string[] = []
  for (const file of parts.flatMap((part) => part.files)) paths.push(await store.fetchFile(uri, file))
  return withSession(services.engine, attempt, paths, async (session) => {
    const buckets = Int32Array.from(await readColumn(session, paths, 'bucket'))
    const features = []
    for (const spec of specs) {
      features.push(fitTransform(await readColumn(session, paths, spec.name), buckets, spec))
      attempt.progress(features.length, specs.length)
    }
    return { features }
  })
}

async function readColumn(session: ComputeSession, paths: readonly string[], name: string): Promise<Float64Array> {
  const columns: Float64Array[] = []
  for (const path of paths) {
    const { columns: read } = await session.columns(
      `select cast(${quoteName(name)} as double) as value from read_parquet(${quoteText(path)}, file_row_number = true) order by file_row_number`,
    )
    columns.push(read.value as Float64Array)
  }
  const joined = new Float64Array(columns.reduce((length, column) => length + column.length, 0))
  let offset = 0
  for (const column of columns) {
    joined.set(column, offset)
    offset += column.length
  }
  return joined
}
