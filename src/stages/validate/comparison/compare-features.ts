import { kolmogorovSmirnov } from '../../../stats/kolmogorov-smirnov.ts'
import { populationStability } from '../../../stats/population-stability.ts'
import type { ComparisonMeasure } from './measures.ts'

/** A column of a feature: how many customers had which value when the live model was fitted, and have it now. */
export interface BinnedFeature {
  readonly name: string
  /** Of each bin in ascending order, then of values outside of all bins, then of null. */
  readonly before: readonly number[]
  readonly now: readonly number[]
  /** Whether the bins follow one another, as those of numbers do. */
  readonly isOrdered: boolean
  /** Whether everybody's grows from run to run by itself. Default: false. */
  readonly grows?: boolean
}

/** Drift of each column, in the words of `DriftFigures`. */
export function driftOf(
  features: readonly Pick<BinnedFeature, 'name' | 'before' | 'now'>[],
): readonly { readonly name: string; readonly drift: number; readonly byChance: number }[] {
  return features.map(({ name, before, now }) => {
    const { index, byChance } = populationStability(before, now)
    return { name, drift: index, byChance }
  })
}

/**
 * How far features have drifted: the population stability index, with what chance alone gives as `previous`; and of numbers the largest
 * difference of the shares up to a value (Kolmogorov–Smirnov's D). Where nobody has all values any more it is taken at the edges of the bins,
 * under a name of its own: the D of all values is as large or larger.
 *
 * @param exact column → D of all values; absent: nobody has them
 */
export function compareFeatures(
  features: readonly BinnedFeature[],
  exact: ReadonlyMap<string, number | null> = new Map(),
): readonly ComparisonMeasure[] {
  return features.flatMap(({ name, before, now, isOrdered, grows }): ComparisonMeasure[] => {
    const { index, byChance } = populationStability(before, now)
    const drift: ComparisonMeasure = {
      ...{ measure: 'feature_drift', subject: name, value: index, previous: byChance },
      ...(grows === true && { grows }),
    }
    const ofAll = exact.get(name)
    const distance = ofAll !== undefined || !isOrdered ? (ofAll ?? null) : largestDifference(before, now)
    const measure = ofAll === undefined ? 'feature_ks_binned' : 'feature_ks'
    return distance === null ? [drift] : [drift, { measure, subject: name, value: distance, previous: null }]
  })
}

/** D of all values, which it sorts. Null where one of the two has none. */
export function valueDistance(before: Float64Array, now: Float64Array): number | null {
  return kolmogorovSmirnov(before, now)
}

/** Null where one of the two has no values. Values outside of the bins lie below or above all others: of both the smaller difference. */
function largestDifference(before: readonly number[], now: readonly number[]): number | null {
  const bins = before.length - 2
  const inside = Array.from({ length: bins }, (_, i) => i)
  const [below, above] = [
    [bins, ...inside],
    [...inside, bins],
  ].map((order) => differenceIn(order, before, now))
  return below === null || above === null ? null : Math.min(below!, above!)
}

function differenceIn(order: readonly number[], before: readonly number[], now: readonly number[]): number | null {
  const total = (counts: readonly number[]): number => order.reduce((sum, i) => sum + counts[i]!, 0)
  const [totalBefore, totalNow] = [total(before), total(now)]
  if (totalBefore === 0 || totalNow === 0) return null
  let [upToBefore, upToNow, largest] = [0, 0, 0]
  for (const i of order) {
    upToBefore += before[i]!
    upToNow += now[i]!
    largest = Math.max(largest, Math.abs(upToBefore / totalBefore - upToNow / totalNow))
  }
  return largest
}
