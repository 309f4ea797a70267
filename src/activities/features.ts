import { join } from 'node:path'
import type { ArtifactRef } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Services } from '../ports/services.ts'
import { compileFeatures, FEATURES_VERSION, windowsOf } from '../stages/features/compile-features.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import { addFeatureCounts, assertEveryCustomer, readFeatureCounts } from '../stages/features/feature-counts.ts'
import type { FeatureCounts } from '../stages/features/feature-counts.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { windowStart } from '../plan/windows.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { Activities, StageOutput, Unmeasured } from './activities.ts'
import { attempt, finishingAttempt } from './attempt.ts'
import { fitFeatures } from './fit-features.ts'
import { describeColumns, fetchRows, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument } from './read-document.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of the artifact `features`. */
export interface FeaturesSummary extends FeatureCounts {
  readonly rowsIn: number
  /** Names, in the order of the columns. */
  readonly features: readonly string[]
}

export function makeFeaturesActivities(services: Services): Pick<Activities, 'buildFeaturesShard' | 'buildFeatures'> {
  const artifactOf = (plan: RunPlan, clean: ArtifactRef, shardCount: number): StageArtifact =>
    new StageArtifact(services.store(plan.definition), plan, {
      stage: 'features',
      stageVersion: FEATURES_VERSION,
      config: { features: plan.definition.pipeline.features, timezone: plan.timezone },
      reads: [clean.contentDigest],
      shardCount,
    })
  return {
    buildFeaturesShard: (plan, clean, shard, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, clean, shardCount)
        if (await artifact.existingPart(shard)) return
        const specs = specsOf(plan)
        const source = await fetchRows(services.store(plan.definition), clean, shard)
        attempt.progress(0, source.rowCount)
        await withSession(services.engine, attempt, [source.path], async (session) => {
          await session.execute(`create view clean as select * from ${readParquet([source.path])}`)
          const columns = (await describeColumns(session, 'clean')).map(({ name }) => name)
          const compiled = compileFeatures(specs, { asOf: plan.asOf, windowStarts: startsOf(plan, specs) }, columns)
          const [counts] = await session.rows(compiled.counts)
          const localPath = join(attempt.scratchPath, 'features.parquet')
          const rows = await session.writeParquet(compiled.query, compiled.orderBy, localPath)
          const summary = readFeatureCounts(counts!)
          assertEveryCustomer(summary, rows.rows.rowCount + summary.customersWithoutOrder, `shard ${shard}`)
          attempt.progress(source.rowCount, source.rowCount)
          const file = await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...rows })
          attempt.reached('before-commit')
          await artifact.commitPart(shard, [file], { ...summary })
          attempt.reached('after-commit')
        })
      }),

    buildFeatures: (plan, clean, shardCount) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, clean, shardCount)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary as unknown as FeaturesSummary)
        const store = services.store(plan.definition)
        const specs = specsOf(plan)
        const parts = await artifact.parts(shardCount)
        const counts = addFeatureCounts(parts.map((part) => part.summary as unknown as FeatureCounts))
        const { summary: cleansed } = await readManifestOf(store, clean)
        assertEveryCustomer(counts, Number(cleansed.customers), 'all shards')
        const fitted = await fitFeatures(services, attempt, store, artifact.uri, parts, specs)
        const document = await putDocument(artifact, attempt, 'transforms', fitted)
        const summary = { ...counts, rowsIn: clean.rowCount, features: specs.map(({ name }) => name) }
        attempt.reached('before-commit')
        const ref = await artifact.commit([...parts.flatMap((part) => part.files), document], summary)
        attempt.reached('after-commit')
        return outputOf(ref, summary)
      }),
  }
}

function specsOf(plan: RunPlan): readonly FeatureSpec[] {
  const { pipeline, sources } = plan.definition
  const source = sources[pipeline.extract.transactions]
  return resolveFeatures(pipeline.features, source && Object.keys(source.columns))
}

function startsOf(plan: RunPlan, specs: readonly FeatureSpec[]): Readonly<Record<string, string>> {
  return Object.fromEntries(windowsOf(specs).map((window) => [window, windowStart(plan.asOf, window, plan.timezone)]))
}

function outputOf(ref: ArtifactRef, { rowsIn, customers }: FeaturesSummary): Unmeasured<StageOutput> {
  return { ref, counts: { stage: 'features', rowsIn, rowsOut: customers, rejected: 0 } }
}
