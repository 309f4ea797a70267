import type { Activities, BuiltForLive, ValidationOutput } from '../activities/activities.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { StepVariant } from './activity-steps.ts'
import { keepingPlan } from './live-features.ts'
import type { RunSteps } from './run-steps.ts'

/** How the steps are called that make the third door of a held run. */
export const byLiveModelSteps: StepVariant = { id: '-by-live-model', summary: ' (live model)' }

/** What the stages before gave. */
export interface BuiltStages {
  readonly clean: ArtifactRef
  readonly features: ArtifactRef
  /** The live model's own features, where the definition asks for others. */
  readonly live: BuiltForLive | null
  readonly shards: number
}

/**
 * The customers of a held run as the live model places them: what would be published if the segments stayed what they are.
 *
 * @param heavy activities under names of their own
 */
export async function placeByLiveModel(
  run: RunSteps,
  heavy: Activities,
  plan: RunPlan,
  { clean, live, shards, ...built }: BuiltStages,
): Promise<ValidationOutput> {
  const keeping: RunPlan = { ...keepingPlan(plan), isByLiveModel: true }
  const features = live && 'features' in live ? live.features : built.features
  return run.step('validate', async () => {
    const fit = await heavy.fitClusters(keeping, features, shards)
    await run.inShards(shards, (shard) => heavy.placeShard(keeping, features, shard, shards, fit))
    const { ref: candidate } = await heavy.clusterCustomers(keeping, features, shards, fit)
    return heavy.validateAgainstPublished(keeping, { clean, features, candidate })
  })
}
