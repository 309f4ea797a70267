import type { Interval } from './compare-shares.ts'
import { momentsOf } from './moments.ts'
import { normalQuantile, normalTail } from './normal.ts'
import { quantileSorted } from './quantile.ts'
import { uniformDraws } from './uniform-draws.ts'

export interface BootstrapOptions {
  readonly resamples: number
  readonly seed: number
  /** Of the intervals, such as 0.95. */
  readonly confidence: number
}

export interface BootstrappedMeans {
  readonly percentile: Interval
  /** Bias-corrected and accelerated. */
  readonly corrected: Interval
}

/**
 * Intervals of the difference of two means, mean of `b` less mean of `a`, for values as skewed as money is (Efron & Tibshirani 1993, 13.3 and
 * 14.3). Equal values, options and seed give equal bits.
 *
 * @param a without NaN, at least 1, as `b`
 */
export function bootstrapMeans(
  a: Float64Array,
  b: Float64Array,
  { resamples, seed, confidence }: BootstrapOptions,
): BootstrappedMeans {
  const draw = uniformDraws(seed)
  const replicates = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) replicates[i] = resampledMean(b, draw) - resampledMean(a, draw)
  replicates.sort()
  const difference = momentsOf(b).mean - momentsOf(a).mean
  return {
    percentile: percentileInterval(replicates, confidence),
    corrected: correctedInterval(replicates, difference, acceleration(a, b), confidence),
  }
}

export function percentileInterval(sorted: Float64Array, confidence: number): Interval {
  const tail = (1 - confidence) / 2
  return { lower: quantileSorted(sorted, tail), upper: quantileSorted(sorted, 1 - tail) }
}

/** @param sorted replicates, ascending */
export function correctedInterval(
  sorted: Float64Array,
  estimate: number,
  accelerated: number,
  confidence: number,
): Interval {
  let [below, same] = [0, 0]
  for (const replicate of sorted) {
    if (replicate < estimate) below++
    else if (replicate === estimate) same++
  }
  const bias = normalQuantile((below + same / 2) / sorted.length)
  // No replicate on one side: there is nothing to correct with.
  if (!Number.isFinite(bias)) return percentileInterval(sorted, confidence)
  const quantile = normalQuantile((1 + confidence) / 2)
  const shareAt = (z: number): number => normalTail(-(bias + (bias + z) / (1 - accelerated * (bias + z))))
  return { lower: quantileSorted(sorted, shareAt(-quantile)), upper: quantileSorted(sorted, shareAt(quantile)) }
}

/** From leaving out one value after another, each sample weighed by its size. */
export function acceleration(a: Float64Array, b: Float64Array): number {
  const [ofA, ofB] = [leftOut(a), leftOut(b)]
  const spread = ofA.squares + ofB.squares
  return spread > 0 ? (ofB.cubes - ofA.cubes) / (6 * spread ** 1.5) : 0
}

/** Without a value the mean moves by (mean − value) ÷ (n − 1). */
function leftOut(values: Float64Array): { readonly squares: number; readonly cubes: number } {
  const { mean } = momentsOf(values)
  let [squares, cubes] = [0, 0]
  for (const value of values) {
    squares += (value - mean) ** 2
    cubes += (value - mean) ** 3
  }
  return { squares: squares / values.length ** 2, cubes: cubes / values.length ** 3 }
}

function resampledMean(values: Float64Array, draw: () => number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[Math.floor(draw() * values.length)]!
  return sum / values.length
}
