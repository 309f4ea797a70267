import { join } from 'node:path'
import type { ArtifactRef } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Services } from '../ports/services.ts'
import { FEATURES_VERSION } from '../stages/features/compile-features.ts'
import { addSums, diagnose } from '../stages/features/diagnostics.ts'
import type { Diagnostics, Sums } from '../stages/features/diagnostics.ts'
import type { FeatureFindings } from '../stages/features/feature-checks.ts'
import { addFeatureCounts, assertEveryCustomer, readFeatureCounts } from '../stages/features/feature-counts.ts'
import type { FeatureCounts } from '../stages/features/feature-counts.ts'
import { forecastNotesOf } from '../stages/features/made-feature.ts'
import { withMade } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import { pinLevels } from '../stages/validate/scoring-model.ts'
import type { Activities, StageOutput, Unmeasured } from './activities.ts'
import { attempt, finishingAttempt } from './attempt.ts'
import { compileOver, featureSpecsOf, fetchRoles, populationOf, readLevels } from './feature-inputs.ts'
import { fitFeatures } from './fit-features.ts'
import { makeFeatures } from './make-features.ts'
import { readManifestOf, withSession } from './read-artifact.ts'
import { putDocument } from './read-document.ts'
import { refitPolicyOf, scoringModelOf } from './scoring-model.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of a shard. */
interface ShardSummary extends FeatureCounts {
  readonly sums: Sums
}

/** Summary of the artifact `features`. */
export interface FeaturesSummary extends FeatureCounts {
  readonly rowsIn: number
  /** Names of the instances, in order. */
  readonly features: readonly string[]
  readonly findings: FeatureFindings
  readonly dropped: FittedTransforms['dropped']
  /** Figures about features as a whole: the reliability of a scale. */
  readonly diagnostics: Diagnostics
  /** Instance → what was done in place of a model of repeat buying that could not be fitted. */
  readonly forecasts: Readonly<Record<string, string>>
}

/** What is not fitted is not judged either: the fit of the model was. */
const NO_FINDINGS: FeatureFindings = { constant: [], nearDuplicates: [] }

export function makeFeaturesActivities(services: Services): Pick<Activities, 'buildFeaturesShard' | 'buildFeatures'> {
  const artifactOf = (plan: RunPlan, clean: ArtifactRef, shardCount: number): StageArtifact => {
    const { features, featureChecks } = plan.definition.pipeline
    const isPlaced = plan.kind === 'score' || refitPolicyOf(plan) === 'never'
    const scoredWith = isPlaced ? plan.live?.modelDigest : undefined
    return new StageArtifact(services.store(plan.definition), plan, {
      stage: 'features',
      stageVersion: FEATURES_VERSION,
      config: { features, featureChecks, timezone: plan.timezone, population: populationOf(plan), scoredWith },
      reads: [clean.contentDigest],
      shardCount,
    })
  }
  return {
    buildFeaturesShard: (plan, clean, shard, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, clean, shardCount)
        if (await artifact.existingPart(shard)) return
        const store = services.store(plan.definition)
        const model = await scoringModelOf(services, plan)
        const specs = model ? pinLevels(featureSpecsOf(plan), model.features) : featureSpecsOf(plan)
        const roles = await fetchRoles(store, plan.definition, clean, shard)
        const levels = await readLevels(store, clean, await readManifestOf(store, clean), specs)
        const rowsIn = [...roles.values()].reduce((sum, { rowCount }) => sum + rowCount, 0)
        attempt.progress(0, rowsIn)
        const paths = [...roles.values()].map(({ path }) => path)
        await withSession(services.engine, attempt, paths, async (session) => {
          const compiled = await compileOver(session, plan, specs, roles, levels)
          const [counts] = await session.rows(compiled.counts)
          const localPath = join(attempt.scratchPath, 'features.parquet')
          const rows = await session.writeParquet(compiled.query, compiled.orderBy, localPath)
          const summary = readFeatureCounts(counts!)
          assertEveryCustomer(summary, rows.rows.rowCount + summary.customersWithoutOrder, `shard ${shard}`)
          const [sums = {}] = compiled.sums === null ? [] : await session.rows(compiled.sums)
          attempt.progress(rowsIn, rowsIn)
          const file = await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...rows })
          attempt.reached('before-commit')
          await artifact.commitPart(shard, [file], { ...summary, sums })
          attempt.reached('after-commit')
        })
      }),

    buildFeatures: (plan, clean, shardCount) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const artifact = artifactOf(plan, clean, shardCount)
        const existing = await artifact.existing()
        if (existing) return outputOf(referTo(artifact.uri, existing), existing.summary as unknown as FeaturesSummary)
        const store = services.store(plan.definition)
        const specs = featureSpecsOf(plan)
        const parts = await artifact.parts(shardCount)
        const shards = parts.map((part) => part.summary as unknown as ShardSummary)
        const counts = addFeatureCounts(shards)
        const { summary: cleansed } = await readManifestOf(store, clean)
        // The population of cleanse has nobody without an order.
        assertEveryCustomer({ ...counts, customersWithoutOrder: 0 }, Number(cleansed.customers), 'all shards')
        const { featureChecks } = plan.definition.pipeline
        const model = await scoringModelOf(services, plan)
        const drafts = { artifact, parts, store }
        const { files, made } = await makeFeatures(services, attempt, drafts, specs, model?.features ?? null)
        const { fitted, findings } = model
          ? { fitted: model.features, findings: NO_FINDINGS }
          : await fitFeatures(services, attempt, store, artifact.uri, files, specs, featureChecks)
        const document = await putDocument(artifact, attempt, 'transforms', withMade(fitted, made))
        const summary: FeaturesSummary = {
          ...counts,
          rowsIn: clean.rowCount,
          features: specs.map(({ column }) => column),
          findings,
          dropped: fitted.dropped,
          diagnostics: diagnose(specs, addSums(shards.map(({ sums }) => sums))),
          forecasts: forecastNotesOf(made),
        }
        attempt.reached('before-commit')
        const ref = await artifact.commit([...files, document], { ...summary })
        attempt.reached('after-commit')
        return outputOf(ref, summary)
      }),
  }
}

function outputOf(ref: ArtifactRef, { rowsIn, customers }: FeaturesSummary): Unmeasured<StageOutput> {
  return { ref, counts: { stage: 'features', rowsIn, rowsOut: customers, rejected: 0 } }
}
