import { noncentralStudentShare } from './noncentral-student.ts'
import type { PowerOptions } from './power-of-shares.ts'
import { smallestWhole } from './smallest-whole.ts'
import { solveIncreasing } from './solve-increasing.ts'
import { studentQuantile } from './tails.ts'

/**
 * Power of the two-sided t test of two means (Cohen 1988), from the noncentral distribution.
 *
 * @param effect difference in standard deviations
 * @param size of `a`; `b` has `size` · `ratio`
 */
export function powerOfMeans(
  effect: number,
  size: number,
  { alpha, ratio }: Pick<PowerOptions, 'alpha' | 'ratio'>,
): number {
  const freedom = size * (1 + ratio) - 2
  if (freedom <= 0) return 0
  const shift = Math.abs(effect) / Math.sqrt(1 / size + 1 / (size * ratio))
  const critical = studentQuantile(1 - alpha / 2, freedom)
  return 1 - noncentralStudentShare(critical, freedom, shift) + noncentralStudentShare(-critical, freedom, shift)
}

/** Smallest size of `a` that finds the effect with this power; Infinity where there is none. */
export function sizeForMeans(effect: number, options: PowerOptions): number {
  if (effect === 0) return Infinity
  return smallestWhole((size) => powerOfMeans(effect, size, options) >= options.power, 2)
}

/** Smallest effect, in standard deviations, that this size finds with this power. */
export function findableEffect(size: number, options: PowerOptions): number {
  let most = 1
  const missing = (effect: number): number => powerOfMeans(effect, size, options) - options.power
  if (size * (1 + options.ratio) <= 2) return NaN
  while (missing(most) < 0) most *= 2
  return solveIncreasing(missing, 0, most)
}
