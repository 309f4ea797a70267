import { adjustByHolm } from '../../../stats/adjust-p-values.ts'
import { dipTest } from '../../../stats/dip-test.ts'
import { findValley } from '../../../stats/find-valley.ts'
import { strongestDimension } from '../strongest-dimension.ts'
import { LEAST_DISTINCT, LEAST_SIDE, LEAST_SIDE_SHARE, partedAt, round, type Told } from './groups.ts'
import { joined, type MeasuredPair } from './measured-pair.ts'
import { NO_VALLEY } from './merges.ts'
import type { BorderProposal } from './proposal.ts'

/** Level of the dip test over all borders together. */
export const BORDER_LEVEL = 0.01
/**
 * Where several parts of one cloud meet there are fewer of any two of them, but not by much. Of 480 cuts of one cloud (normal, even, skewed; 2 to
 * 10 dimensions, 3 to 8 parts by k-means) none has a border proposed by it; without it five of the even ones had.
 */
export const SHALLOWEST = 0.5

/** Neighbours with a valley between them, whose border runs beside it. */
export function bordersOf(pairs: readonly MeasuredPair[], about: Told): readonly BorderProposal[] {
  const ps = adjustByHolm(pairs.map(({ p }) => p))
  return pairs
    .flatMap((measured, i) => (ps[i]! <= BORDER_LEVEL ? borderBetween(measured, ps[i]!, about) : []))
    .sort((a, b) => b.beyond - a.beyond)
}

function borderBetween({ pair: [a, b], places, dip }: MeasuredPair, p: number, about: Told): readonly BorderProposal[] {
  const customers = places.length
  if (new Set(places).size < LEAST_DISTINCT * customers) return []
  const valley = findValley(places)
  if (!valley || valley.depth > SHALLOWEST) return []
  const own = places.map((place) => (place < valley.place ? 0 : 1))
  const isBeyond = (at: number): boolean => own[at] !== (at < a.rows.length ? 0 : 1)
  const beyond = places.reduce((sum, _, at) => sum + Number(isBeyond(at)), 0)
  if (beyond < Math.max(LEAST_SIDE, LEAST_SIDE_SHARE * customers) || 2 * beyond > customers) return []
  const sides = [0, 1].map((side) => places.filter((_, at) => own[at] === side))
  // What lies beyond is one with the other segment, and no group of its own.
  if (sides.some((side) => !(dipTest(side).p > NO_VALLEY))) return []
  const [values] = joined(a, b)
  const rows = [...a.rows, ...b.rows]
  const of = (side: number): Int32Array => Int32Array.from(rows.filter((_, at) => own[at] === side))
  return [
    {
      ...{ kind: 'border', segmentKeys: [a.segmentKey, b.segmentKey], customers, beyond: round(beyond / customers) },
      ...{ dip: round(dip), p: round(p) },
      ...partedAt(strongestDimension(values, about.names, Int32Array.from(own)), about, [of(0), of(1)]),
    },
  ]
}
