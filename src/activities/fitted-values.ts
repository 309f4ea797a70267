import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import { parseRunId } from '../run/run-key.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { referTo } from './stage-artifact.ts'

/** What a dry run puts behind the prefix of a target. */
const OF_DRY_RUN = /dry-run\/[0-9a-f]+\/[^/]+\/$/

/** Feature values that a model was fitted on. */
export interface FittedValues {
  readonly ref: ArtifactRef
  readonly files: readonly string[]
}

/** Null: nobody kept where they are, or the store does not have them any more. */
export async function fetchFittedValues(
  store: ArtifactStore,
  { pipeline, definition }: RunPlan,
  model: PublishedModel | null,
): Promise<FittedValues | null> {
  const { runId, featuresDigest: inputDigest } = model?.fittedBy ?? {}
  const { runKey, revision } = parseRunId(runId ?? '') ?? {}
  if (runKey === undefined || revision === undefined || inputDigest === undefined) return null
  const address = { pipeline, runKey, revision, stage: 'features', inputDigest } as const
  const uri = store.artifactUri(definition.target.prefix.replace(OF_DRY_RUN, ''), address)
  try {
    const manifest = await store.readManifest(uri, 'manifest')
    if (!manifest) return null
    const files = manifest.files.filter(({ role }) => role === 'rows')
    return {
      ref: referTo(uri, manifest),
      files: await Promise.all(files.map((file) => store.fetchFile(uri, file))),
    }
  } catch (error) {
    if (error instanceof ArtifactMissing) return null
    throw error
  }
}
