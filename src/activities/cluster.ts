import { join } from 'node:path'
import type { ArtifactRef } from '../run/artifact.ts'
import type { Services } from '../ports/services.ts'
import type { RefitSummary } from '../run/refit-policy.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { addSizes, assertAllPlaced } from '../stages/cluster/cluster-sizes.ts'
import { compileCandidate, compilePlacing } from '../stages/cluster/sql.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { Activities, StageOutput, Unmeasured } from './activities.ts'
import { attempt, finishingAttempt } from './attempt.ts'
import { clusterArtifact, readModel } from './cluster-artifact.ts'
import { makeFitClustersActivity } from './fit-clusters.ts'
import { addUnseen } from '../stages/features/unseen-counts.ts'
import type { UnseenCounts } from '../stages/features/unseen-counts.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import { placeCustomers } from './place-customers.ts'
import { countRows, fetchRows, rowsIn, withSession } from './read-artifact.ts'
import { referTo } from './stage-artifact.ts'

/** Summary of the artifact `cluster`. */
export interface ClusterSummary {
  readonly customers: number
  readonly clusterCount: number
  /** Customers of each cluster, by its number, first of all or further. */
  readonly sizes: readonly number[]
  /** Feature → customers whose level the model does not know: they count as `other`. Only those above 0. */
  readonly unseenLevels: UnseenCounts
  /** The live model placed everybody. */
  readonly isKept: boolean
}

export function makeClusterActivities(
  services: Services,
): Pick<Activities, 'fitClusters' | 'placeShard' | 'clusterCustomers'> {
  return {
    ...makeFitClustersActivity(services),
    placeShard: (plan, features, shard, shardCount, { kernel }) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount, kernel)
        if (await artifact.existingPart(shard)) return
        const store = services.store(plan.definition)
        const { model } = await readModel(store, artifact, shardCount)
        const source = await fetchRows(store, features, shard)
        const relation = readParquet([source.path])
        const ranges = bucketRanges(shard, shardCount, source.rowCount, ROWS_AT_A_TIME)
        await withSession(services.engine, attempt, [source.path], async (session) => {
          const { placed, sizes, unseenLevels } = await placeCustomers(
            session,
            model,
            ranges.map(
              ({ from, to }) =>
                (columns) =>
                  compilePlacing(relation, columns, from, to),
            ),
            { progress: attempt.progress, signal: attempt.signal, kernels: services.kernels },
          )
          const localPath = join(attempt.scratchPath, 'candidate.parquet')
          const written = await session.writeParquet(compileCandidate(source.path), 'bucket, customer_id', localPath)
          assertAllPlaced(placed, written.rows.rowCount, source.rowCount)
          const file = await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...written })
          attempt.reached('before-commit')
          await artifact.commitPart(shard, [file], { sizes, unseenLevels })
          attempt.reached('after-commit')
        })
      }),

    clusterCustomers: (plan, features, shardCount, { kernel, refit }) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount, kernel)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), features, refit)
        const parts = await artifact.parts(shardCount)
        const { files, model } = await readModel(services.store(plan.definition), artifact, shardCount)
        const { clusterCount } = model
        const shards = parts.map(({ summary }) => summary.sizes as readonly number[])
        const sizes = addSizes(clusterCount, shards)
        const written = parts.reduce((sum, { files: placed }) => sum + rowsIn(placed), 0)
        // Both as they are now: an erasure may have gone through them meanwhile.
        assertAllPlaced(written, written, await countRows(services.store(plan.definition), features))
        const unseenLevels = addUnseen(parts.map(({ summary }) => summary.unseenLevels as UnseenCounts))
        const isKept = refit === null ? plan.kind === 'score' : !refit.isRefit
        const summary: ClusterSummary = { customers: written, clusterCount, sizes, unseenLevels, isKept }
        attempt.reached('before-commit')
        const ref = await artifact.commit([...parts.flatMap((part) => part.files), ...files], { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, features, refit)
      }),
  }
}

function outputOf(ref: ArtifactRef, features: ArtifactRef, refit: RefitSummary | null): Unmeasured<StageOutput> {
  const counts = { stage: 'cluster', rowsIn: features.rowCount, rowsOut: ref.rowCount, rejected: 0 } as const
  return { ref, counts, ...(refit && { refit }) }
}
