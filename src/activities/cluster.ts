import { join } from 'node:path'
import type { ArtifactFile, ArtifactRef } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { addSizes, assertAllPlaced, readSizes } from '../stages/cluster/cluster-sizes.ts'
import { CLUSTER_VERSION } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { compileBuckets, compileCandidate, compileSample, COUNT_PLACED, readParquet } from '../stages/cluster/sql.ts'
import { allColumns } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Activities, StageOutput } from './activities.ts'
import { attempt } from './attempt.ts'
import { fitModel } from './fit-model.ts'
import { placeCustomers, ROWS_AT_A_TIME } from './place-customers.ts'
import { fetchRows, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of the artifact `cluster`. */
export interface ClusterSummary {
  readonly customers: number
  readonly clusterCount: number
  /** Customers of each cluster, by its number. */
  readonly sizes: readonly number[]
  readonly silhouette: number | null
}

export function makeClusterActivities(
  services: Services,
): Pick<Activities, 'fitClusters' | 'placeShard' | 'clusterCustomers'> {
  const artifactOf = (plan: RunPlan, features: ArtifactRef, shardCount: number): StageArtifact =>
    new StageArtifact(services.store(plan.definition), plan, {
      stage: 'cluster',
      stageVersion: CLUSTER_VERSION,
      config: plan.definition.pipeline.cluster,
      reads: [features.contentDigest],
      shardCount,
    })
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, features, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const store = services.store(plan.definition)
        const { files } = await readManifestOf(store, features)
        const transforms = await readDocument<FittedTransforms>(store, features.uri, files, 'transforms')
        const paths: string[] = []
        for (let shard = 0; shard < shardCount; shard++) paths.push((await fetchRows(store, features, shard)).path)
        const { cluster } = plan.definition.pipeline
        const names = allColumns(transforms)
        const sample = await withSession(services.engine, attempt, paths, (session) =>
          session.columns(compileSample(readParquet(paths), names, cluster.sampleRows)),
        )
        const model = await fitModel(services.kernels, cluster, sample, features.rowCount, transforms, attempt)
        const document = await putDocument(artifact, attempt, 'model', model)
        attempt.reached('before-commit')
        await artifact.commitPart(shardCount, [document], { clusterCount: model.clusterCount })
        attempt.reached('after-commit')
      }),

    placeShard: (plan, features, shard, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, features, shardCount)
        if (await artifact.existingPart(shard)) return
        const store = services.store(plan.definition)
        const { model } = await readModel(store, artifact, shardCount)
        const source = await fetchRows(store, features, shard)
        const names = allColumns(model.features)
        const queries = bucketRanges(shard, shardCount, source.rowCount, ROWS_AT_A_TIME).map(({ from, to }) =>
          compileBuckets(readParquet([source.path]), names, from, to),
        )
        await withSession(services.engine, attempt, [source.path], async (session) => {
          const unseenLevels = await placeCustomers(session, services.kernels, model, queries, attempt)
          const sizes = readSizes(model.clusterCount, await session.rows(COUNT_PLACED))
          const localPath = join(attempt.scratchPath, 'candidate.parquet')
          const written = await session.writeParquet(compileCandidate(source.path), 'bucket, customer_id', localPath)
          assertAllPlaced(sizes, written.rows.rowCount, source.rowCount)
          const file = await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...written })
          attempt.reached('before-commit')
          await artifact.commitPart(shard, [file], { sizes, unseenLevels })
          attempt.reached('after-commit')
        })
      }),

    clusterCustomers: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, features, shardCount)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), features, 0)
        const parts = await artifact.parts(shardCount)
        const { file, model } = await readModel(services.store(plan.definition), artifact, shardCount)
        const { clusterCount, silhouette } = model
        const shards = parts.map(({ summary }) => summary.sizes as readonly number[])
        const sizes = addSizes(clusterCount, shards)
        const written = parts.reduce((sum, { rowCount }) => sum + rowCount, 0)
        assertAllPlaced(sizes, written, features.rowCount)
        const summary: ClusterSummary = { customers: written, clusterCount, sizes, silhouette }
        attempt.reached('before-commit')
        const ref = await artifact.commit([...parts.flatMap(({ files }) => files), file], { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, features, attempt.seconds())
      }),
  }
}

/** @throws ArtifactMissing when `fitClusters` has not committed */
async function readModel(
  store: ArtifactStore,
  artifact: StageArtifact,
  shardCount: number,
): Promise<{ file: ArtifactFile; model: ClusterModel }> {
  const files = (await artifact.existingPart(shardCount))?.files ?? []
  const model = await readDocument<ClusterModel>(store, artifact.uri, files, 'model')
  return { file: files[0]!, model }
}

function outputOf(ref: ArtifactRef, features: ArtifactRef, seconds: number): StageOutput {
  return { ref, counts: { stage: 'cluster', rowsIn: features.rowCount, rowsOut: ref.rowCount, rejected: 0, seconds } }
}
