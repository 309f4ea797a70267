import { chiSquareTail } from './tails.ts'

/**
 * Pearson's chi-square test of counts against the shares that were meant: of arms it finds a sample-ratio mismatch (Fabijan et al. 2019).
 *
 * @param counts at least 2
 * @param shares above 0; only their proportions matter
 */
export function goodnessOfFit(
  counts: readonly number[],
  shares: readonly number[],
): { readonly chiSquare: number; readonly p: number } {
  const total = sumOf(counts)
  const whole = sumOf(shares)
  const chiSquare = sumOf(
    counts.map((count, at) => {
      const expected = (total * shares[at]!) / whole
      return expected === 0 ? 0 : (count - expected) ** 2 / expected
    }),
  )
  return { chiSquare, p: chiSquareTail(chiSquare, counts.length - 1) }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
