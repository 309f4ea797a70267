import { normalQuantile, normalTail } from './normal.ts'
import { solveIncreasing } from './solve-increasing.ts'
import { smallestWhole } from './smallest-whole.ts'

export interface PowerOptions {
  /** Two-sided. */
  readonly alpha: number
  readonly power: number
  /** Size of `b` for each of `a`. */
  readonly ratio: number
}

/**
 * Power of the two-sided z test of two shares: pooled variance where they are the same, their own where they differ (Fleiss, Levin & Paik 2003,
 * 4.2, without its continuity correction).
 *
 * @param size of `a`; `b` has `size` · `ratio`
 */
export function powerOfShares(
  a: number,
  b: number,
  size: number,
  { alpha, ratio }: Pick<PowerOptions, 'alpha' | 'ratio'>,
): number {
  const pooled = (a + ratio * b) / (1 + ratio)
  const [sizeA, sizeB] = [size, size * ratio]
  const ifSame = Math.sqrt(pooled * (1 - pooled) * (1 / sizeA + 1 / sizeB))
  const ifNot = Math.sqrt((a * (1 - a)) / sizeA + (b * (1 - b)) / sizeB)
  const critical = normalQuantile(1 - alpha / 2) * ifSame
  return normalTail((critical - (b - a)) / ifNot) + normalTail((critical + (b - a)) / ifNot)
}

/** Smallest size of `a` that finds the difference with this power; Infinity where there is none. */
export function sizeForShares(a: number, b: number, options: PowerOptions): number {
  if (a === b) return Infinity
  return smallestWhole((size) => powerOfShares(a, b, size, options) >= options.power, 2)
}

/** Smallest rise of share `a` that this size finds with this power; NaN where even a rise to 1 would be missed. */
export function findableRise(a: number, size: number, options: PowerOptions): number {
  const missing = (rise: number): number => powerOfShares(a, a + rise, size, options) - options.power
  const most = 1 - a
  return missing(most) < 0 ? NaN : solveIncreasing(missing, 0, most)
}
