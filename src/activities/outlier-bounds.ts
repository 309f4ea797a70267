import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Manifest } from '../run/artifact.ts'
import type { OutlierBounds } from './plan-cleanse.ts'
import type { StageArtifact } from './stage-artifact.ts'

/** What `planCleanse` has found; nothing for a pipeline without rules over all rows. @throws ArtifactMissing */
export async function boundsOf(plan: RunPlan, artifact: StageArtifact, shardCount: number): Promise<OutlierBounds> {
  if (!plan.definition.pipeline.cleanse.some(({ rule }) => rule === 'outliers')) return {}
  return readBounds(await artifact.existingPart(shardCount), artifact.uri, shardCount)
}

/** Customers who were erased counted when the bounds were found. */
export async function recordedBounds(
  store: ArtifactStore,
  { cleanUri, shardCount }: NonNullable<NonNullable<RunPlan['verifies']>['erased']>,
): Promise<OutlierBounds> {
  return readBounds(await store.readManifest(cleanUri, `part-${shardCount}`), cleanUri, shardCount)
}

function readBounds(planned: Manifest | undefined, uri: string, shardCount: number): OutlierBounds {
  if (planned) return planned.summary.bounds as OutlierBounds
  throw new ArtifactMissing(
    `The bounds of the outliers rules are not in the store (${uri}/part-${shardCount}.json).`,
    'Start the next revision: it makes every artifact again.',
  )
}
