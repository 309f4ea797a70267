import { MOST_REASONS } from '../../run/reasons.ts'
import type { Reason } from './placed.ts'

/**
 * Reasons of customers from how strongly each label pulls them, the strongest first, of equals the one listed first; what does not pull is
 * none.
 *
 * @param pulls one a label, shape (customers); below 0 where the customer is low in it; NaN and 0: none
 */
export function strongestReasons(pulls: readonly Float64Array[], rowCount: number): readonly Reason[] {
  const reasons = Array.from({ length: Math.min(MOST_REASONS, pulls.length) }, () => ({
    label: new Int32Array(rowCount).fill(-1),
    size: new Float64Array(rowCount).fill(NaN),
  }))
  for (let i = 0; i < rowCount; i++) {
    const ranked = pulls
      .map((pull, label) => ({ label, size: pull[i]! }))
      .filter(({ size }) => Math.abs(size) > 0)
      .sort((a, b) => Math.abs(b.size) - Math.abs(a.size) || a.label - b.label)
    reasons.forEach((reason, rank) => {
      if (rank >= ranked.length) return
      reason.label[i] = ranked[rank]!.label
      reason.size[i] = ranked[rank]!.size
    })
  }
  return reasons
}
