import { squaredDistance } from '../../../stats/distance.ts'
import { strongestDimension } from '../strongest-dimension.ts'
import { type Group, round, type Told, toldBy } from './groups.ts'
import { joined, type MeasuredPair } from './measured-pair.ts'
import type { MergeProposal } from './proposal.ts'

/** A larger p does not show one peak, a smaller one speaks for a valley. */
export const NO_VALLEY = 0.1
/**
 * Two normal groups of equal size and spread have one peak up to two deviations apart (Eisenberger 1964; Ray & Lindsay 2005). Segments are
 * such groups cut in the middle, and narrower for it: with m = √(2 ÷ π) e^−½ + 2 Φ(1) − 1 the means of their halves are 2 m ÷ √(2 − m²) = 2.92
 * of their own deviations apart. Halves of one normal group are 2.65 apart.
 */
export const MERGED_BELOW = 2.92
/** A core and what lies around it have the same mean, and are two. */
const MOST_SPREADS_APART = 2

/** Neighbours that are one group. */
export function mergesOf(pairs: readonly MeasuredPair[], { names }: Told): readonly MergeProposal[] {
  const proposals = pairs.flatMap(({ pair: [a, b], dip, p, distance }): MergeProposal[] => {
    const [narrow, wide] = [spreadOf(a), spreadOf(b)].sort((x, y) => x - y)
    if (!(p > NO_VALLEY) || !(distance < MERGED_BELOW) || !(wide! <= MOST_SPREADS_APART * narrow!)) return []
    const [both, sides] = joined(a, b)
    return [
      {
        ...{ kind: 'merge' as const, segmentKeys: [a.segmentKey, b.segmentKey], customers: sides.length },
        ...{ dip: round(dip), p: round(p), distance: round(distance) },
        ...toldBy(strongestDimension(both, names, sides)),
      },
    ]
  })
  return proposals.sort((a, b) => a.distance - b.distance)
}

/** Root mean squared distance to the mean. */
function spreadOf({ values, mean, rows }: Group): number {
  let sum = 0
  for (let row = 0; row < rows.length; row++) sum += squaredDistance(values, row * mean.length, mean, 0, mean.length)
  return Math.sqrt(sum / rows.length)
}
