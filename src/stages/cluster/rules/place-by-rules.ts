import { MOST_REASONS } from '../../../run/reasons.ts'
import type { Placed } from '../placed.ts'

/**
 * Puts each customer where the first rule that is true of it says, or after the last rule where none is. Confidence is 1: a rule is true
 * or it is not. Its reasons are the rules that are true, in their order; the next segment is that of the second one.
 *
 * @param truths one a rule, 1 where it is true
 * @param further most further memberships a customer can have: 0 without `overlapping`
 */
export function placeByRules(truths: readonly Int32Array[], rowCount: number, further: number): Placed {
  const cluster = new Int32Array(rowCount)
  const nextCluster = new Int32Array(rowCount).fill(-1)
  const also = Array.from({ length: further }, () => new Int32Array(rowCount).fill(-1))
  const reasons = Array.from({ length: MOST_REASONS }, () => ({
    label: new Int32Array(rowCount).fill(-1),
    size: new Float64Array(rowCount).fill(NaN),
  }))
  for (let i = 0; i < rowCount; i++) {
    let found = 0
    truths.forEach((truth, rule) => {
      if (truth[i] !== 1) return
      if (found < MOST_REASONS) {
        reasons[found]!.label[i] = rule
        reasons[found]!.size[i] = 1
      }
      if (found === 0) cluster[i] = rule
      if (found === 1) nextCluster[i] = rule
      if (found > 0 && found <= further) also[found - 1]![i] = rule
      found += 1
    })
    if (found === 0) cluster[i] = truths.length
  }
  return {
    cluster,
    confidence: new Float64Array(rowCount).fill(1),
    distance: new Float64Array(rowCount).fill(NaN),
    nextCluster,
    isOutlier: new Int32Array(rowCount),
    layer: null,
    scores: [],
    also,
    reasons,
  }
}
