import { join } from 'node:path'
import type { ArtifactFile, Manifest } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { KernelPool } from '../ports/kernel-pool.ts'
import type { Services } from '../ports/services.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import {
  columnsToMake,
  compileAddMade,
  compileCreateMade,
  compilePiece,
  compileWithMade,
  isMade,
  madeNames,
} from '../stages/features/made-feature.ts'
import type { MadeFeature } from '../stages/features/made-feature.ts'
import { makeValues } from '../stages/features/made-values.ts'
import type { MakingCalculations } from '../stages/features/made-values.ts'
import type { FeatureColumns, FittedTransforms } from '../stages/features/transform.ts'
import type { Attempt } from './attempt.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import { FeatureRows } from './feature-rows.ts'
import { fitMadeFeatures } from './fit-made-features.ts'
import { withSession } from './read-artifact.ts'
import type { StageArtifact } from './stage-artifact.ts'

/** The artifact as shards left it. */
interface Drafts {
  readonly artifact: StageArtifact
  readonly parts: readonly Manifest[]
  readonly store: ArtifactStore
}

export interface MadeRows {
  /** Rows of all shards. */
  readonly files: readonly ArtifactFile[]
  readonly made: readonly MadeFeature[]
}

/**
 * Writes the rows of each shard once more, with features that take figures over all customers in place of what these are made of. Without
 * such features the rows stay as they are.
 *
 * @param model whose figures are taken; null: they are fitted
 */
export async function makeFeatures(
  services: Services,
  attempt: Attempt,
  { artifact, parts, store }: Drafts,
  specs: readonly FeatureSpec[],
  model: FittedTransforms | null,
): Promise<MadeRows> {
  const drafts = parts.flatMap(({ files }) => files)
  const wanted = specs.filter(isMade)
  if (wanted.length === 0) return { files: drafts, made: [] }
  const paths: string[] = []
  for (const file of drafts) paths.push(await store.fetchFile(artifact.uri, file))
  return withSession(services.engine, attempt, paths, async (session) => {
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0)
    const rows = new FeatureRows(session, paths, rowCount)
    const made = model
      ? wanted.map(({ column }) => figuresOf(model, column))
      : await fitMadeFeatures(session, services.kernels, attempt.signal, rows, paths, wanted)
    const used = columnsToMake(wanted)
    const names = made.map(({ name }) => name)
    const files: ArtifactFile[] = []
    for (const [index, draft] of drafts.entries()) {
      const path = paths[index]!
      await gatherValues(session, services.kernels, attempt, { path, rowCount: draft.rows!.rowCount, used, made })
      const localPath = join(attempt.scratchPath, `made-${index}.parquet`)
      const written = await session.writeParquet(compileWithMade(path, names, used), 'bucket, customer_id', localPath)
      const { role, shard } = draft
      files.push(await artifact.putFile({ role, shard, extension: '.parquet', ...written }))
      attempt.progress(index + 1, drafts.length)
    }
    return { files, made }
  })
}

function figuresOf({ made = [] }: FittedTransforms, column: string): MadeFeature {
  const found = made.find(({ name }) => name === column)
  if (!found) throw new Error(`The model has no figures that ${column} is made by.`)
  return found
}

/** Fills table `made` with the values of a shard's customers, a piece at a time. */
async function gatherValues(
  session: ComputeSession,
  kernels: KernelPool,
  { signal }: Pick<Attempt, 'signal'>,
  shard: { path: string; rowCount: number; used: readonly string[]; made: readonly MadeFeature[] },
): Promise<void> {
  const { path, rowCount, used, made } = shard
  const calculate: MakingCalculations = {
    forecastRepeatBuying: (task) => kernels.calculate('forecastRepeatBuying', [task], signal),
  }
  await session.execute(compileCreateMade(made.length))
  for (let from = 0; from < rowCount; from += ROWS_AT_A_TIME) {
    const piece = await session.columns(compilePiece(path, used, from, from + ROWS_AT_A_TIME))
    const values = await makeValues(made, piece.columns as unknown as FeatureColumns, calculate)
    const columns = Object.fromEntries(madeNames(made.length).map((name, index) => [name, values[index]!]))
    const rows = Int32Array.from({ length: piece.rowCount }, (_, row) => row)
    await session.createTable('chunk', { rowCount: piece.rowCount, columns: { chunk_row: rows, ...columns } })
    for (const sql of compileAddMade(made.length, from)) await session.execute(sql)
  }
}
