import { join } from 'node:path'
import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { VALIDATE_VERSION } from '../stages/validate/published-model.ts'
import { compileRows, CUSTOMER_ORDER, LOST } from '../stages/validate/sql.ts'
import type { DataQualityRow, Validation } from '../stages/validate/validation.ts'
import type { Activities, ValidationOutput } from './activities.ts'
import { attempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { comparedStateOf, measuresOf } from './compared-state.ts'
import { compareWithPublished, currencyOf } from './compare-with-published.ts'
import { fetchRows, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'
import { referTo, StageArtifact } from './stage-artifact.ts'

/** Summary of the artifact `validate`: what the workflow needs of the document. */
export type ValidationSummary = Pick<
  ValidationOutput,
  'verdict' | 'checks' | 'segments' | 'customers' | 'panel' | 'moved'
>

export function makeValidateActivities(services: Services): Pick<Activities, 'validateAgainstPublished'> {
  return {
    validateAgainstPublished: (plan, { clean, features, candidate }) =>
      attempt(services, plan.definition, async (attempt) => {
        const store = services.store(plan.definition)
        const ledger = services.ledger(plan.definition)
        const state = await ledger.publishedState(plan.pipeline)
        const comparedState = comparedStateOf(plan, state)
        const artifact = artifactOf(store, plan, [clean, features, candidate], comparedState)
        const existing = await artifact.existing()
        if (existing) return outputOf(artifact.uri, existing, 0)
        const [cleansed, clustered] = await Promise.all([
          readManifestOf(store, clean),
          readManifestOf(store, candidate),
        ])
        const shardCount = clustered.files.filter(({ role }) => role === 'rows').length
        const candidateFiles = await fetchShards(store, candidate, shardCount)
        const featureFiles = await fetchShards(store, features, shardCount)
        return withSession(services.engine, attempt, [...candidateFiles, ...featureFiles], async (session) => {
          await loadPublished(session, state, () =>
            ledger.loadPublished(session, plan.pipeline, attempt.scratchPath, 'live', 'former'),
          )
          const validation = await compareWithPublished(session, services, attempt, {
            plan,
            state,
            comparedState,
            measures: measuresOf(plan),
            candidateFiles,
            featureFiles,
            customers: candidate.rowCount,
            cleanRows: clean.rowCount,
            dataQuality: cleansed.summary.dataQuality as readonly DataQualityRow[],
            model: await readDocument<ClusterModel>(store, candidate.uri, clustered.files, 'model'),
          })
          const committed = await commitValidation(session, artifact, attempt, validation, shardCount)
          return outputOf(artifact.uri, committed, attempt.seconds())
        })
      }),
  }
}

function artifactOf(
  store: ArtifactStore,
  plan: RunPlan,
  reads: readonly ArtifactRef[],
  comparedState: string,
): StageArtifact {
  const { validate, segments, publish } = plan.definition.pipeline
  const currency = currencyOf(plan)
  return new StageArtifact(store, plan, {
    stage: 'validate',
    stageVersion: VALIDATE_VERSION,
    config: { validate, segments, holdoutShare: publish.holdoutShare, currency, measures: measuresOf(plan) },
    reads: [...reads.map(({ contentDigest }) => contentDigest), comparedState],
    shardCount: 0,
  })
}

async function fetchShards(store: ArtifactStore, ref: ArtifactRef, shardCount: number): Promise<readonly string[]> {
  const paths: string[] = []
  for (let shard = 0; shard < shardCount; shard++) paths.push((await fetchRows(store, ref, shard)).path)
  return paths
}

/** Makes tables `live` and `former`; empty ones before the first publication. */
async function loadPublished(session: ComputeSession, state: PublishedState, load: () => Promise<void>): Promise<void> {
  if (state.live) return load()
  await session.createTable('live', { rowCount: 0, columns: { customer_id: [], segment_key: [] } })
  await session.createTable('former', { rowCount: 0, columns: { customer_id: [] } })
}

async function commitValidation(
  session: ComputeSession,
  artifact: StageArtifact,
  attempt: Attempt,
  validation: Validation,
  shardCount: number,
): Promise<Manifest> {
  const files = [await putDocument(artifact, attempt, 'validation', validation)]
  for (let shard = 0; shard < shardCount; shard++) {
    const localPath = join(attempt.scratchPath, `rows-${shard}.parquet`)
    const written = await session.writeParquet(compileRows(shard, shardCount), CUSTOMER_ORDER, localPath)
    files.push(await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...written }))
  }
  const lost = await session.writeParquet(LOST, CUSTOMER_ORDER, join(attempt.scratchPath, 'lost.parquet'))
  files.push(await artifact.putFile({ role: 'lost', shard: 0, extension: '.parquet', ...lost }))
  const { verdict, checks, customers, panel, moved } = validation
  const segments = validation.segments.map(({ segmentKey, name, customers, share }) => ({
    segmentKey,
    name,
    customers,
    share,
  }))
  const summary: ValidationSummary = { verdict, checks, segments, customers, panel, moved }
  attempt.reached('before-commit')
  await artifact.commit(files, { ...summary })
  attempt.reached('after-commit')
  return (await artifact.existing())!
}

function outputOf(uri: string, manifest: Manifest, seconds: number): ValidationOutput {
  const summary = manifest.summary as unknown as ValidationSummary
  const { customers } = summary
  const counts = { stage: 'validate', rowsIn: customers, rowsOut: customers, rejected: 0, seconds } as const
  return { ref: referTo(uri, manifest), counts, ...summary }
}
