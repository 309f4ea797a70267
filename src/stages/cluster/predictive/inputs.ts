import { ConfigInvalid } from '../../../errors/config-invalid.ts'
import { beforeHorizon } from './config.ts'
import type { PredictiveConfig, PredictiveInputs } from './config.ts'
import type { PredictiveSample } from './fit.ts'

/** Columns of numbers as they were read: name → one value a customer, NaN for null. */
export type ColumnSet = Readonly<Record<string, Float64Array>>

/** What a customer's purchases are told by, now or at a cutoff. */
export const historyInputs = ['repeatPurchases', 'purchaseAge', 'observedAge', 'meanRepeatSpend'] as const

/** Features that the fit reads; null for those that the pipeline does not have and that it can do without. */
export interface FittedInputs {
  readonly now: readonly string[]
  readonly before: readonly string[] | null
  readonly recentPurchases: string | null
  readonly recentSpend: string | null
}

/**
 * @param available names of the features of the pipeline
 * @throws ConfigInvalid when one is missing that nothing can be done without
 */
export function chooseInputs(config: PredictiveConfig, available: ReadonlySet<string>): FittedInputs {
  const { inputs, horizon } = config
  const now = historyInputs.map((input) => inputs[input])
  const before = now.map((name) => beforeHorizon(name, horizon))
  const optional = (name: string): string | null => (available.has(name) ? name : null)
  const isTested = config.backTest !== 'off' && before.every((name) => available.has(name))
  const needed = [
    ...now,
    ...(config.by.includes('growth') ? [inputs.recentPurchases] : []),
    ...(config.backTest === 'required' ? [...before, inputs.recentPurchases] : []),
  ]
  const missing = needed.filter((name) => !available.has(name))
  if (missing.length > 0)
    throw new ConfigInvalid(
      `cluster.method predictive reads the features ${missing.join(', ')}, which the pipeline does not have.`,
      'List them under features, or name others under cluster.inputs.',
    )
  return {
    now,
    before: isTested ? before : null,
    recentPurchases: optional(inputs.recentPurchases),
    recentSpend: optional(inputs.recentSpend),
  }
}

/** All features of `chooseInputs`, each once. */
export function inputNames({ now, before, recentPurchases, recentSpend }: FittedInputs): readonly string[] {
  const all = [...now, ...(before ?? []), recentPurchases, recentSpend]
  return [...new Set(all.filter((name) => name !== null))]
}

/** What was read of these features. */
export function sampleOf(inputs: FittedInputs, columns: ColumnSet): PredictiveSample {
  const optional = (name: string | null): Float64Array | null => (name === null ? null : columns[name]!)
  return {
    now: historiesOf(inputs.now, columns),
    before: inputs.before && historiesOf(inputs.before, columns),
    recentPurchases: optional(inputs.recentPurchases),
    recentSpend: optional(inputs.recentSpend),
  }
}

/** @param names of the features of `historyInputs`, in that order */
export function historiesOf(names: readonly string[], columns: ColumnSet): PredictiveSample['now'] {
  const [repeats, lastAges, ages, meanSpends] = names.map((name) => columns[name]!)
  return { repeats: repeats!, lastAges: lastAges!, ages: ages!, meanSpends: meanSpends! }
}

/** Features that placing reads. */
export function placingInputs(
  inputs: PredictiveInputs,
  hasGrowth: boolean,
): { readonly histories: readonly string[]; readonly recentPurchases: string | null } {
  return {
    histories: historyInputs.map((input) => inputs[input]),
    recentPurchases: hasGrowth ? inputs.recentPurchases : null,
  }
}
