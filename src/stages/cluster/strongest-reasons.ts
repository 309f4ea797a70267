import { MOST_REASONS } from '../../run/reasons.ts'
import type { Reason } from './placed.ts'

/**
 * Reasons of customers from how strongly each label pulls them, the strongest first, of equals the one listed first; what does not pull is
 * none.
 *
 * @param pulls one a label, shape (customers); below 0 where the customer is low in it; NaN and 0: none
 */
export function strongestReasons(pulls: readonly Float64Array[], rowCount: number): readonly Reason[] {
  const count = Math.min(MOST_REASONS, pulls.length)
  const reasons = Array.from({ length: count }, () => noReasons(rowCount))
  // Kept sorted by insertion: no allocation a row, because there are many rows.
  for (let label = 0; label < pulls.length; label++) {
    const pull = pulls[label]!
    for (let i = 0; i < rowCount; i++) {
      const size = pull[i]!
      if (!(Math.abs(size) > 0)) continue
      let rank = count
      while (rank > 0 && isWeaker(reasons[rank - 1]!.size[i]!, size)) rank -= 1
      for (let below = count - 1; below > rank; below--) {
        reasons[below]!.label[i] = reasons[below - 1]!.label[i]!
        reasons[below]!.size[i] = reasons[below - 1]!.size[i]!
      }
      if (rank === count) continue
      reasons[rank]!.label[i] = label
      reasons[rank]!.size[i] = size
    }
  }
  return reasons
}

/** Reasons that nobody has yet. */
export function noReasons(rowCount: number): Reason {
  return { label: new Int32Array(rowCount).fill(-1), size: new Float64Array(rowCount).fill(NaN) }
}

function isWeaker(size: number, than: number): boolean {
  return Number.isNaN(size) || Math.abs(size) < Math.abs(than)
}
