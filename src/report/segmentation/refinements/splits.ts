import { adjustByHolm } from '../../../stats/adjust-p-values.ts'
import { measureHalves, measurePeaks } from '../../../stats/measure-halves.ts'
import { strongestDimension } from '../strongest-dimension.ts'
import { type Group, LEAST_DISTINCT, LEAST_SIDE, LEAST_SIDE_SHARE, partedAt, round, type Told } from './groups.ts'
import type { SplitProposal } from './proposal.ts'

export const LEAST_SPLIT = 200
/** Level of the dip test over all segments together. */
export const SPLIT_LEVEL = 0.01
/** Kaufman & Rousseeuw (1990): up to 0.25 there is no substantial structure. */
export const LEAST_SILHOUETTE = 0.25

/** Segments that hold two groups. */
export function splitsIn(
  groups: readonly Group[],
  about: Told,
): { readonly looked: number; readonly proposals: readonly SplitProposal[] } {
  const large = groups.filter(({ rows }) => rows.length >= LEAST_SPLIT)
  const measured = large
    .map((group) => ({ group, ...measurePeaks(group.values, about.names.length) }))
    .filter(({ distinct }) => distinct >= LEAST_DISTINCT)
  const ps = adjustByHolm(measured.map(({ p }) => p))
  const proposals = measured.flatMap(({ group, dip }, i): SplitProposal[] => {
    if (!(ps[i]! <= SPLIT_LEVEL)) return []
    const { sides, silhouette } = measureHalves(group.values, about.names.length)
    const customers = sides.length
    const upper = sides.reduce((sum, side) => sum + side, 0)
    const smaller = Math.min(upper, customers - upper)
    if (smaller < Math.max(LEAST_SIDE, LEAST_SIDE_SHARE * customers)) return []
    if (!(silhouette >= LEAST_SILHOUETTE)) return []
    const of = (side: number): Int32Array => group.rows.filter((_, at) => sides[at] === side)
    const told = strongestDimension(group.values, about.names, sides)
    return [
      {
        ...{ kind: 'split' as const, segmentKey: group.segmentKey, customers, smaller: round(smaller / customers) },
        ...{ dip: round(dip), p: round(ps[i]!), silhouette: round(silhouette) },
        ...partedAt(told, about, [of(0), of(1)]),
      },
    ]
  })
  return { looked: measured.length, proposals: proposals.sort((a, b) => b.silhouette - a.silhouette) }
}
