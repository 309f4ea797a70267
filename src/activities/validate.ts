import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { Sample } from '../run/sample.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { holdoutOf } from '../stages/validate/holdout-sql.ts'
import { asPublishedModel, VALIDATE_VERSION } from '../stages/validate/published-model.ts'
import { compileSamplePublished } from '../stages/validate/sample-published.ts'
import type { SourceRows } from '../stages/validate/source-rows.ts'
import type { DataQualityRow } from '../stages/validate/validation.ts'
import type { Activities, Unmeasured, ValidationOutput } from './activities.ts'
import { finishingAttempt } from './attempt.ts'
import { circumstancePaths, ledgerThen } from './ledger-then.ts'
import type { ClusterSummary } from './cluster.ts'
import { commitValidation, type ValidationSummary } from './commit-validation.ts'
import { comparedStateOf, measuresOf, refuseMisplaced, refuseReplaced, stateFor } from './compared-state.ts'
import { compareWithPublished } from './compare-with-published.ts'
import { fetchFittedValues } from './fitted-values.ts'
import { loadCompared } from './load-compared.ts'
import { fetchShards, readManifestOf, rowsIn, withSession } from './read-artifact.ts'
import { currencyOf } from './profile-features.ts'
import { planPlays } from './plan-plays.ts'
import { fetchCleanRows, measureKpis } from './measure-kpis.ts'
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
        const state = await stateFor(ledger, plan)
        refuseMisplaced(plan, state)
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
        const cleanRows = await fetchCleanRows(store, plan, clean, cleansed.files)
        const liveFeatureFiles = liveFeatures && (await fetchShards(store, liveFeatures, shardCount))
        const fitted =
          isKept || state.past?.isAfter
            ? null
            : await fetchFittedValues(store, plan, asPublishedModel(state.live?.model))
        const paths = [
          ...(plan.verifies ? await circumstancePaths(store, plan.verifies.validationUri) : []),
          ...(fitted?.files ?? []),
          ...candidateFiles,
          ...featureFiles,
          ...overrideFiles,
          ...cleanRows.flatMap((shard) => Object.values(shard)),
          ...(liveFeatureFiles ?? []),
        ]
        return withSession(services.engine, attempt, paths, async (session) => {
          const neighbour = (state.past && state.live) ?? undefined
          await loadCompared(session, state, () =>
            ledger.loadPublished(session, plan.pipeline, attempt.scratchPath, neighbour),
          )
          for (const sql of sample ? compileSamplePublished(sample) : []) await session.execute(sql)
          const compared = await compareWithPublished(session, services, attempt, {
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
            customers: rowsIn(clustered.files),
            cleanRows: clean.rowCount,
            sourceRows: cleansed.summary.sourceRows as SourceRows,
            dataQuality: cleansed.summary.dataQuality as readonly DataQualityRow[],
            model: await readDocument<ClusterModel>(store, candidate.uri, clustered.files, 'model'),
          })
          const planned = { ...compared, ...planPlays(plan.definition.pipeline, compared) }
          const validation = { ...planned, ...(await measureKpis(session, plan, cleanRows)) }
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
  const { validate, segments, overrides, kpis, objective, playbook } = plan.definition.pipeline
  const currency = currencyOf(plan)
  const kind = plan.kind === 'score' ? plan.kind : undefined
  return new StageArtifact(store, plan, {
    stage: 'validate',
    stageVersion: VALIDATE_VERSION,
    config: {
      ...{ validate, segments, overrides, currency, kind, kpis, objective, playbook },
      holdout: holdoutOf(plan.definition.pipeline),
      measures: measuresOf(plan),
      ...(liveProblem !== null && { liveProblem }),
      sample: plan.options.sample,
    },
    reads: [...reads.map(({ contentDigest }) => contentDigest), comparedState],
    shardCount: 0,
  })
}

function outputOf(uri: string, manifest: Manifest): Unmeasured<ValidationOutput> {
  const { featuresDigest: _ofPublishing, featuresUri: _ofSyncs, ...told } = manifest.summary
  const summary = told as unknown as ValidationSummary
  const { customers } = summary
  const counts = { stage: 'validate', rowsIn: customers, rowsOut: customers, rejected: 0 } as const
  return { ref: referTo(uri, manifest), counts, ...summary, ...pagesOf(uri, manifest.files) }
}
