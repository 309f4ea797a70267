import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { Sample } from '../run/sample.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { asPublishedModel, VALIDATE_VERSION } from '../stages/validate/published-model.ts'
import { EMPTY_LIVE_ALSO, EMPTY_LIVE_OVERRIDES } from '../stages/validate/sql.ts'
import { EMPTY_PAST_MEMBERS } from '../stages/validate/past-members-sql.ts'
import { compileSamplePublished } from '../stages/validate/sample-published.ts'
import type { SourceRows } from '../stages/validate/source-rows.ts'
import type { DataQualityRow } from '../stages/validate/validation.ts'
import type { Activities, Unmeasured, ValidationOutput } from './activities.ts'
import { finishingAttempt } from './attempt.ts'
import { circumstancePaths, ledgerThen } from './circumstances.ts'
import type { ClusterSummary } from './cluster.ts'
import { commitValidation, type ValidationSummary } from './commit-validation.ts'
import { comparedStateOf, measuresOf, refuseOlderRun, refuseReplaced } from './compared-state.ts'
import { compareWithPublished } from './compare-with-published.ts'
import { fetchFittedValues } from './fitted-values.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { currencyOf } from './profile-features.ts'
import { readDocument } from './read-document.ts'
import { pagesOf } from './put-comparison.ts'
import { readPastModels } from './past-models.ts'
import { liveModel } from './scoring-model.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

export function makeValidateActivities(services: Services): Pick<Activities, 'validateAgainstPublished'> {
  return {
    validateAgainstPublished: (plan, { clean, features, candidate, live }) =>
      finishingAttempt(services, plan.definition, async (attempt) => {
        const store = services.store(plan.definition)
        const ledger = plan.verifies
          ? ledgerThen(services.ledger(plan.definition), store, plan.verifies.validationUri)
          : services.ledger(plan.definition)
        const state = await ledger.publishedState(plan.pipeline)
        refuseOlderRun(plan, state)
        const comparedState = comparedStateOf(plan, state)
        const liveFeatures = live && 'features' in live ? live.features : null
        const liveProblem = live && 'problem' in live ? live.problem : null
        const reads = [clean, features, candidate, ...(liveFeatures ? [liveFeatures] : [])]
        const artifact = artifactOf(store, plan, reads, comparedState, liveProblem)
        const existing = await artifact.existing()
        if (existing) return outputOf(artifact.uri, existing)
        const [cleansed, built, clustered] = (await Promise.all(
          [clean, features, candidate].map((ref) => readManifestOf(store, ref)),
        )) as [Manifest, Manifest, Manifest]
        const sample = (cleansed.summary.sample as Sample | undefined) ?? null
        const { isKept } = clustered.summary as unknown as ClusterSummary
        if (isKept) refuseReplaced(plan, state)
        const scoredWith = isKept ? asPublishedModel(await liveModel(services, plan)) : null
        const shardCount = clustered.files.filter(({ role }) => role === 'rows').length
        const candidateFiles = await fetchShards(store, candidate, shardCount)
        const featureFiles = await fetchShards(store, features, shardCount)
        const overrideFiles =
          plan.definition.pipeline.extract.overrides === undefined
            ? []
            : await fetchShards(store, clean, shardCount, 'overrides')
        const liveFeatureFiles = liveFeatures && (await fetchShards(store, liveFeatures, shardCount))
        const fitted = isKept ? null : await fetchFittedValues(store, plan, asPublishedModel(state.live?.model))
        const paths = [
          ...(plan.verifies ? await circumstancePaths(store, plan.verifies.validationUri) : []),
          ...(fitted?.files ?? []),
          ...candidateFiles,
          ...featureFiles,
          ...overrideFiles,
          ...(liveFeatureFiles ?? []),
        ]
        return withSession(services.engine, attempt, paths, async (session) => {
          await loadPublished(session, state, () => ledger.loadPublished(session, plan.pipeline, attempt.scratchPath))
          for (const sql of sample ? compileSamplePublished(sample) : []) await session.execute(sql)
          const validation = await compareWithPublished(session, services, attempt, {
            plan,
            state,
            scoredWith,
            pastModels: await readPastModels(ledger, state),
            comparedState,
            measures: measuresOf(plan),
            candidateFiles,
            featureFiles,
            overrideFiles,
            ...{ liveFeatureFiles, fittedFiles: fitted?.files ?? null },
            liveProblem,
            sample,
            customers: candidate.rowCount,
            cleanRows: clean.rowCount,
            sourceRows: cleansed.summary.sourceRows as SourceRows,
            dataQuality: cleansed.summary.dataQuality as readonly DataQualityRow[],
            model: await readDocument<ClusterModel>(store, candidate.uri, clustered.files, 'model'),
          })
          const committed = await commitValidation(session, artifact, attempt, {
            ...{ plan, validation, state, isKept, shardCount },
            hasStated: overrideFiles.length > 0,
            featuresDigest: built.address.inputDigest,
            featuresUri: features.uri,
            made: { refs: { clean, features, candidate, live }, fitted: fitted?.ref ?? null },
          })
          return outputOf(artifact.uri, committed)
        })
      }),
  }
}

function artifactOf(
  store: ArtifactStore,
  plan: RunPlan,
  reads: readonly ArtifactRef[],
  comparedState: string,
  liveProblem: string | null,
): StageArtifact {
  const { validate, segments, overrides, publish } = plan.definition.pipeline
  const currency = currencyOf(plan)
  const kind = plan.kind === 'score' ? plan.kind : undefined
  return new StageArtifact(store, plan, {
    stage: 'validate',
    stageVersion: VALIDATE_VERSION,
    config: {
      ...{ validate, segments, overrides, currency, kind },
      holdoutShare: publish.holdoutShare,
      measures: measuresOf(plan),
      ...(liveProblem !== null && { liveProblem }),
      sample: plan.options.sample,
    },
    reads: [...reads.map(({ contentDigest }) => contentDigest), comparedState],
    shardCount: 0,
  })
}

/** Makes tables `live`, `live_also`, `live_overrides`, `former` and `past_members`; empty ones before the first publication. */
async function loadPublished(session: ComputeSession, state: PublishedState, load: () => Promise<void>): Promise<void> {
  if (state.live) return load()
  await session.createTable('live', { rowCount: 0, columns: { customer_id: [], segment_key: [] } })
  await session.createTable('former', { rowCount: 0, columns: { customer_id: [] } })
  await session.execute(EMPTY_LIVE_ALSO)
  await session.execute(EMPTY_LIVE_OVERRIDES)
  await session.execute(EMPTY_PAST_MEMBERS)
}

function outputOf(uri: string, manifest: Manifest): Unmeasured<ValidationOutput> {
  const { featuresDigest: _ofPublishing, featuresUri: _ofSyncs, ...told } = manifest.summary
  const summary = told as unknown as ValidationSummary
  const { customers } = summary
  const counts = { stage: 'validate', rowsIn: customers, rowsOut: customers, rejected: 0 } as const
  return { ref: referTo(uri, manifest), counts, ...summary, ...pagesOf(uri, manifest.files) }
}
