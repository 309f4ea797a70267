import { fitSettingsOf } from '../plan/fit-settings.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import {
  asComparableModel,
  asPublishedModel,
  isEdited,
  type PublishedModel,
} from '../stages/validate/published-model.ts'
import { compileLivePopulation, type LiveRelation } from '../stages/validate/live-sql.ts'
import type { Comparison } from './comparison-inputs.ts'

/** What is live, as far as today's customers can be put through it. */
export interface LiveSide {
  /** Null: they cannot. */
  readonly model: PublishedModel | null
  readonly relation: LiveRelation
  /** People changed what the model is asked to be since it was fitted. */
  readonly isEdited: boolean
  /** Why there is no model though something is live, as a sentence; null: there is one, or nothing is live. */
  readonly problem: string | null
}

/** Finds where the live model's features of table `population` are; makes table `live_population` where they were built beside. */
export async function openLiveSide(
  session: ComputeSession,
  { state, plan, model, measures, scoredWith, liveFeatureFiles, liveProblem }: Comparison,
): Promise<LiveSide> {
  const nothing = { model: null, relation: 'population', isEdited: false } as const
  if (!state.live) return { ...nothing, problem: null }
  const published = asPublishedModel(state.live.model)
  if (!published)
    return { ...nothing, problem: 'What is live has no model that this version can put customers through.' }
  const settings = fitSettingsOf(plan.definition.pipeline)
  const found = { isEdited: scoredWith === null && isEdited(published, settings, measures), problem: null }
  if (liveFeatureFiles) {
    await session.execute(compileLivePopulation(liveFeatureFiles))
    return { ...found, model: published, relation: 'live_population' }
  }
  const comparable = asComparableModel(published, model, measures)
  if (comparable) return { ...found, model: comparable, relation: 'population' }
  return {
    ...nothing,
    problem: liveProblem ?? 'A feature that the live model reads has other levels today, or was dropped.',
  }
}
