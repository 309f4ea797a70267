import { positionAmong } from '../position-among.ts'
import type { TierParameters } from './fit-tiers.ts'
import { readCurve } from './value-curve.ts'

export interface TieredCustomers {
  /** 0 the best tier; after those of the cuts `No value`, then `Value unknown`, where there are such. */
  readonly cluster: Int32Array
  /** The tier on the other side of the nearest cut, −1 for those without one. */
  readonly next: Int32Array
  /** 1 for customers of a kind that fitting did not see. */
  readonly isOutlier: Int32Array
  /** Share of the fitted customers with at most the value. NaN, as the next two, where tiers do not come from the cuts. */
  readonly percentile: Float64Array
  /** Share of the fitted total that customers with at least the value make. */
  readonly totalShare: Float64Array
  /** Value less the cut that begins the tier; in the lowest tier less the cut that ends it, below 0. */
  readonly margin: Float64Array
}

/** @param values of the feature, NaN where missing */
export function placeInTiers(values: Float64Array, parameters: TierParameters): TieredCustomers {
  const { cuts, side, tiers, nonPositive, unknown, flags, curve } = parameters
  const { length } = values
  const placed: TieredCustomers = {
    cluster: new Int32Array(length),
    next: new Int32Array(length).fill(-1),
    isOutlier: new Int32Array(length),
    percentile: new Float64Array(length).fill(NaN),
    totalShare: new Float64Array(length).fill(NaN),
    margin: new Float64Array(length).fill(NaN),
  }
  const lowest = tiers.length - 1
  const standsApart = nonPositive !== null || flags.nonPositive
  for (let i = 0; i < length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) {
      placed.cluster[i] = unknown ? tiers.length + (nonPositive ? 1 : 0) : lowest
      placed.isOutlier[i] = flags.unknown ? 1 : 0
    } else if (value <= 0 && standsApart) {
      placed.cluster[i] = nonPositive ? tiers.length : lowest
      placed.isOutlier[i] = flags.nonPositive ? 1 : 0
    } else {
      const position = positionAmong(value, cuts, side)
      placed.cluster[i] = lowest - position
      placed.next[i] = lowest - nextPosition(value, position, cuts)
      placed.margin[i] = value - cuts[Math.max(position - 1, 0)]!
      readCurve(value, curve, placed, i)
    }
  }
  return placed
}

/** Position beyond the nearest cut; of cuts with the same value beyond all of them, and of two as near beyond the lower. */
function nextPosition(value: number, position: number, cuts: readonly number[]): number {
  const [below, above] = [cuts[position - 1], cuts[position]]
  const isLower = above === undefined || (below !== undefined && value - below <= above - value)
  return isLower ? cuts.indexOf(below!) : cuts.lastIndexOf(above) + 1
}
