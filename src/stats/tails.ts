import { betaShare } from './incomplete-beta.ts'
import { upperGammaShare } from './incomplete-gamma.ts'
import { normalQuantile } from './normal.ts'
import { solveIncreasing } from './solve-increasing.ts'

/** Share of the chi-square distribution above a value. Of no degrees of freedom: 1. */
export function chiSquareTail(value: number, freedom: number): number {
  return freedom <= 0 ? 1 : upperGammaShare(freedom / 2, value / 2)
}

/** Share of Student's distribution above a value (Abramowitz & Stegun 1964, 26.7.1). */
export function studentTail(value: number, freedom: number): number {
  const squared = value * value
  const total = freedom + squared
  const both = betaShare(freedom / total, freedom / 2, 0.5, squared / total)
  return value < 0 ? 1 - both / 2 : both / 2
}

/** What a share of Student's distribution lies below. */
export function studentQuantile(share: number, freedom: number): number {
  if (share === 0.5) return 0
  const tail = Math.min(share, 1 - share)
  const from = -normalQuantile(tail)
  let to = 2 * from + 1
  while (studentTail(to, freedom) > tail) to *= 2
  const value = solveIncreasing((at) => tail - studentTail(at, freedom), 0, to)
  return share < 0.5 ? -value : value
}
