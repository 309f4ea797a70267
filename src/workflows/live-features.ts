import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'
import type { Activities, BuiltForLive } from '../activities/activities.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { StepVariant } from './activity-steps.ts'
import type { RunSteps } from './run-steps.ts'

/** How the steps are called that build the live model's features beside those of an edited definition. */
export const ofLiveModelSteps: StepVariant = { id: '-of-live-model', summary: ' (of the live model)' }

/** The run as it would be, had the live model's features been asked for and no model been fitted. */
export function keepingPlan({ liveFeatures, ...plan }: RunPlan): RunPlan {
  const options = { ...plan.options, refit: 'never' } as const
  if (!liveFeatures || 'problem' in liveFeatures) return { ...plan, options }
  const { definition } = plan
  const { features } = liveFeatures
  return { ...plan, options, definition: { ...definition, pipeline: { ...definition.pipeline, features } } }
}

/**
 * Builds what the live model reads of today's customers, where the new features are others; nothing else of a run needs it.
 *
 * @param heavy activities under names of their own
 * @returns null: the new features have all that it reads
 */
export async function buildLiveFeatures(
  run: Pick<RunSteps, 'inShards'>,
  heavy: Activities,
  plan: RunPlan,
  clean: ArtifactRef,
  shards: number,
): Promise<BuiltForLive | null> {
  const { liveFeatures } = plan
  if (!liveFeatures) return null
  if ('problem' in liveFeatures) return liveFeatures
  const keeping = keepingPlan(plan)
  try {
    await run.inShards(shards, (shard) => heavy.buildFeaturesShard(keeping, clean, shard, shards))
    return { features: (await heavy.buildFeatures(keeping, clean, shards)).ref }
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined
    // Of SQL that reads a column which is gone. The new definition works: the comparison does without.
    if (cause instanceof ApplicationFailure && cause.type === 'ConfigInvalid')
      return { problem: `The features of the live model cannot be built any more: ${firstLineOf(cause.message)}` }
    throw error
  }
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0]!
}
