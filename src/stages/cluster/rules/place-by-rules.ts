import { MOST_REASONS } from '../../../run/reasons.ts'
import type { Placed } from '../placed.ts'
import { noReasons } from '../strongest-reasons.ts'

/**
 * Puts each customer where the first rule that is true of it says, or after the last rule where none is. Confidence is 1: a rule is true
 * or it is not. Its reasons are the rules that are true, in their order; the next segment is that of the second one.
 *
 * @param truths one a rule, 1 where it is true
 * @param further most further memberships a customer can have: 0 without `overlapping`
 */
export function placeByRules(truths: readonly Int32Array[], rowCount: number, further: number): Placed {
  const cluster = new Int32Array(rowCount).fill(truths.length)
  const nextCluster = new Int32Array(rowCount).fill(-1)
  const also = Array.from({ length: further }, () => new Int32Array(rowCount).fill(-1))
  const reasons = Array.from({ length: MOST_REASONS }, () => noReasons(rowCount))
  const found = new Int32Array(rowCount)
  // Rule by rule, not customer by customer: each pass runs through arrays in their order.
  for (let rule = 0; rule < truths.length; rule++) {
    const truth = truths[rule]!
    for (let i = 0; i < rowCount; i++) {
      if (truth[i] !== 1) continue
      const before = found[i]!++
      if (before < MOST_REASONS) {
        reasons[before]!.label[i] = rule
        reasons[before]!.size[i] = 1
      }
      if (before === 0) cluster[i] = rule
      if (before === 1) nextCluster[i] = rule
      if (before > 0 && before <= further) also[before - 1]![i] = rule
    }
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
