import type { ArtifactFile, ArtifactRef } from '../run/artifact.ts'
import type { Sample } from '../run/sample.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Services } from '../ports/services.ts'
import { addCounts } from '../stages/cleanse/cleanse-counts.ts'
import type { CleanseCounts } from '../stages/cleanse/cleanse-counts.ts'
import { CLEANSE_VERSION } from '../stages/cleanse/compile-cleanse.ts'
import { describeQuality } from '../stages/cleanse/data-quality.ts'
import type { DataQualityRow } from '../stages/cleanse/data-quality.ts'
import { assertReconciled, judgeCounts } from '../stages/cleanse/judge-counts.ts'
import { addTallies, profileOf } from '../stages/cleanse/profile.ts'
import type { ShardTally } from '../stages/cleanse/profile.ts'
import type { ExtractSummary } from '../stages/extract/extract-summary.ts'
import { fileRoleOf, primaryRole, sourcesByRole } from '../stages/extract/config.ts'
import type { Activities, StageOutput, Unmeasured } from './activities.ts'
import { attempt, finishingAttempt } from './attempt.ts'
import { boundsOf, recordedBounds } from './outlier-bounds.ts'
import { cleanseShardRoles } from './cleanse-shard.ts'
import { measureOutliers } from './plan-cleanse.ts'
import { putDocument, readDocument, writeDocument } from './read-document.ts'
import { readManifestOf } from './read-artifact.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of the artifact `clean`: rows of the primary role. */
export interface CleanseSummary {
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  /** Distinct customers of the population. */
  readonly customers: number
  /** Source → records read, whatever became of them. */
  readonly sourceRows: Readonly<Record<string, number>>
  readonly dataQuality: readonly DataQualityRow[]
  /** Absent: these are all customers. */
  readonly sample?: Sample
}

/** Role of the shards' documents that become the profile. */
const TALLY = 'tally'

export function makeCleanseActivities(
  services: Services,
): Pick<Activities, 'planCleanse' | 'cleanseShard' | 'cleanseCustomers'> {
  const artifactOf = (plan: RunPlan, raw: ArtifactRef, shardCount: number): StageArtifact => {
    const { cleanse, extract } = plan.definition.pipeline
    return new StageArtifact(services.store(plan.definition), plan, {
      stage: 'cleanse',
      stageVersion: CLEANSE_VERSION,
      config: {
        cleanse,
        roles: sourcesByRole(extract),
        population: extract.population ?? null,
        timezone: plan.timezone,
      },
      reads: [raw.contentDigest],
      shardCount,
    })
  }
  return {
    planCleanse: (plan, raw, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, raw, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const bounds = plan.verifies?.erased
          ? await recordedBounds(services.store(plan.definition), plan.verifies.erased)
          : await measureOutliers(services, attempt, plan, raw, shardCount)
        attempt.reached('before-commit')
        await artifact.commitPart(shardCount, [], { bounds })
        attempt.reached('after-commit')
      }),

    cleanseShard: (plan, raw, shard, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, raw, shardCount)
        if (await artifact.existingPart(shard)) return
        const bounds = await boundsOf(plan, artifact, shardCount)
        const { files, counts, tally } = await cleanseShardRoles(services, attempt, plan, raw, shard, bounds)
        const stored = await artifact.putFiles([
          ...files.map((file) => ({ ...file, shard, extension: '.parquet' })),
          await writeDocument(attempt, TALLY, tally),
        ])
        attempt.reached('before-commit')
        await artifact.commitPart(shard, stored, { ...counts })
        attempt.reached('after-commit')
      }),

    cleanseCustomers: (plan, raw, shardCount) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, raw, shardCount)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary as unknown as CleanseSummary)
        const store = services.store(plan.definition)
        const { extract } = plan.definition.pipeline
        const parts = await artifact.parts(shardCount)
        const counts = addCounts(parts.map((part) => part.summary as unknown as CleanseCounts))
        const { files: rawFiles, summary: extracted } = await readManifestOf(store, raw)
        const { sources: records, sample } = extracted as unknown as ExtractSummary
        for (const role of counts.roles)
          assertReconciled(role, rowsOf(rawFiles, fileRoleOf(extract, role.role)), 'all shards')
        judgeCounts(counts.roles, primaryRole(extract))
        let tally: ShardTally | undefined
        for (const part of parts)
          tally = addTallies(tally, await readDocument<ShardTally>(store, artifact.uri, part.files, TALLY))
        const sources = new Map<string, readonly string[]>(sourcesByRole(extract))
        const dataQuality = describeQuality(records, counts.roles, tally!, (role) => sources.get(role) ?? [])
        const { rowsIn, rowsOut, rejected } = counts.roles.find(({ role }) => role === primaryRole(extract))!
        const summary: CleanseSummary = {
          rowsIn,
          rowsOut,
          rejected,
          customers: counts.population,
          sourceRows: Object.fromEntries(records.map(({ source, rowsRead }) => [source, rowsRead])),
          dataQuality,
          ...(sample && { sample }),
        }
        // The tallies of shards would make the content depend on their number.
        const files = parts.flatMap((part) => part.files.filter(({ role }) => role !== TALLY))
        const profile = await putDocument(artifact, attempt, 'profile', profileOf(tally!))
        attempt.reached('before-commit')
        const ref = await artifact.commit([...files, profile], { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, summary)
      }),
  }
}

function rowsOf(files: readonly ArtifactFile[], role: string): number {
  return files.reduce((sum, file) => sum + (file.role === role && file.rows ? file.rows.rowCount : 0), 0)
}

function outputOf(ref: ArtifactRef, { rowsIn, rowsOut, rejected }: CleanseSummary): Unmeasured<StageOutput> {
  return { ref, counts: { stage: 'cleanse', rowsIn, rowsOut, rejected } }
}
