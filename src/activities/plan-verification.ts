import { digestOf } from '../plan/digest.ts'
import { definitionHashOf } from '../plan/plan-run.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { PublishedRun } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import type { Manifest } from '../run/artifact.ts'
import { formatRunId } from '../run/run-key.ts'
import type { ChangedVersion, ComputedStage } from '../run/verification.ts'
import type { ExtractSummary } from '../stages/extract/extract-summary.ts'
import { type Circumstances, readCircumstances } from './circumstances.ts'
import { findArtifacts, findPublished } from './find-verified.ts'
import { withSession } from './read-artifact.ts'
import { stageVersions } from './stage-versions.ts'
import type { PlannedVerification, VerifyInput } from './verify-activities.ts'

const FOLDER_CHARACTERS = 16

/**
 * What a run obeyed and read, from what it recorded beside its validation.
 *
 * @throws NotVerifiable, ArtifactMissing
 */
export async function planVerification(
  services: Services,
  input: VerifyInput,
  { temporalRunId, scratchPath }: { readonly temporalRunId: string; readonly scratchPath: string },
): Promise<PlannedVerification> {
  const store = services.store(input.definition)
  const published = await findPublished(services, input)
  const { validation, raw } = await findArtifacts(services, input, published)
  const { uri } = validation.ref
  const found = await withSession(services.engine, { scratchPath }, [], (session) =>
    readCircumstances(store, uri, validation.manifest, session),
  )
  const manifests = [validation.manifest, ...(raw ? [raw.manifest] : []), ...(await othersOf(store, found))]
  const erased = Math.max(0, ...manifests.map((manifest) => manifest.erased?.customers ?? 0))
  return {
    plan: await planOf(services, input, temporalRunId, { found, uri, erased }),
    raw: raw?.ref ?? null,
    rawHash: published.inputHash,
    refs: found.refs,
    validation: validation.ref,
    shards: found.shardCount,
    publicationId: published.publicationId,
    fitsFeatures:
      found.plan.isByLiveModel === true && definitionHashOf(found.plan.definition) === found.plan.definitionHash,
    versions: changedVersions(found, services.codeVersion),
    inputs: await missingInputs(services, input, found, { raw: raw?.manifest, published, erased }),
    erased,
  }
}

async function othersOf(store: ArtifactStore, { refs }: Circumstances): Promise<readonly Manifest[]> {
  const manifests = await Promise.all(
    [refs.clean, refs.features, refs.candidate].map(({ uri }) => store.readManifest(uri, 'manifest')),
  )
  return manifests.filter((manifest) => manifest !== undefined)
}

/** What the run obeyed, where its world is today; in the folder of dry runs, which sweeps know. */
async function planOf(
  services: Services,
  { definition, ...run }: VerifyInput,
  temporalRunId: string,
  { found, uri, erased }: { readonly found: Circumstances; readonly uri: string; readonly erased: number },
): Promise<RunPlan> {
  const { target, targetName, connections, projectFolder } = definition
  const folder = `${target.prefix}dry-run/${digestOf(`verify ${formatRunId(run)}`).slice(0, FOLDER_CHARACTERS)}/`
  const prefix = `${folder}${temporalRunId}/`
  await services.store(definition).removeArtifacts(folder, prefix)
  const recorded = found.plan.definition
  return {
    ...found.plan,
    definition: {
      ...recorded,
      ...{ targetName, projectFolder },
      connections: { ...recorded.connections, ...connections },
      target: { ...target, prefix },
    },
    verifies: {
      validationUri: uri,
      ...(erased > 0 && { erased: { cleanUri: found.refs.clean.uri, shardCount: found.shardCount } }),
    },
  }
}

function changedVersions({ versions, plan }: Circumstances, codeVersion: string): readonly ChangedVersion[] {
  const stages = Object.entries(stageVersions) as [ComputedStage, number][]
  return [
    ...(plan.codeVersion === codeVersion
      ? []
      : [{ of: 'resegment' as const, recorded: plan.codeVersion, present: codeVersion }]),
    ...stages.flatMap(([of, present]) =>
      versions[of] === present ? [] : [{ of, recorded: `version ${versions[of]}`, present: `version ${present}` }],
    ),
  ]
}

async function missingInputs(
  services: Services,
  { definition }: VerifyInput,
  { plan, fitted }: Circumstances,
  known: { readonly raw: Manifest | undefined; readonly published: PublishedRun; readonly erased: number },
): Promise<readonly string[]> {
  const { raw, published, erased } = known
  const found: string[] = []
  const hash = (raw?.summary as unknown as ExtractSummary | undefined)?.inputHash
  if (raw && published.inputHash !== null && hash !== published.inputHash)
    found.push(
      `The artifact of extract is of other rows than the run recorded: fingerprint ${hash}, recorded ${published.inputHash}.`,
    )
  if (plan.live) {
    const { publicationId, modelDigest } = plan.live
    const model = await services.ledger(definition).publishedModel(publicationId)
    if (digestOf(model) !== modelDigest)
      found.push(`The model of publication ${publicationId}, which the run started from, is not the one of then.`)
  }
  const values = fitted && erased === 0 ? await services.store(definition).readManifest(fitted.uri, 'manifest') : null
  if (fitted && erased === 0 && values?.contentDigest !== fitted.contentDigest)
    found.push(`The values that the live model was fitted on are not kept any more (${fitted.uri}).`)
  return found
}
