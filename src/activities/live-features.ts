import { mappedColumns } from '../plan/mapped-columns.ts'
import type { LiveFeatures, RunPlan } from '../plan/run-plan.ts'
import type { FeaturesConfig } from '../stages/features/config.ts'
import { findProblems, measureOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { asPublishedModel, type Measures } from '../stages/validate/published-model.ts'
import { measuresOf } from './compared-state.ts'
import { refitPolicyOf } from './scoring-model.ts'

/**
 * What the live model was made from, where a run that may fit a new one makes it from something else: built beside the new features, so that
 * the two models are compared on the same customers.
 *
 * @param live what the publication carries that the plan names
 */
export function liveFeaturesOf(plan: RunPlan, live: unknown): LiveFeatures | undefined {
  const model = asPublishedModel(live)
  if (!model || plan.kind === 'score' || refitPolicyOf(plan) === 'never') return undefined
  if (isSame(model.measures, measuresOf(plan))) return undefined
  const features = model.fittedBy?.features
  if (!features) return { problem: 'Nobody kept how the features of the live model are built.' }
  const problem = problemOf(features, plan, model.measures)
  return problem === null
    ? { features }
    : { problem: `The features of the live model cannot be built any more: ${problem}.` }
}

/** Null: they can be built, and measure what they did. */
function problemOf(features: FeaturesConfig, { definition }: RunPlan, measured: Measures): string | null {
  const [found] = findProblems(features, mappedColumns(definition.pipeline.extract, definition.sources))
  if (found) return `${found.came}, where ${found.wanted} is wanted`
  const now = Object.fromEntries(resolveFeatures(features).map((spec) => [spec.column, measureOf(spec)]))
  return isSame(now, measured) ? null : 'this version measures them otherwise'
}

function isSame(a: Measures, b: Measures): boolean {
  return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name])
}
