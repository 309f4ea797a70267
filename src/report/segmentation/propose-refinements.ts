import { SMALLEST_CELL } from '../../run/moves.ts'
import { adjustByHolm } from '../../stats/adjust-p-values.ts'
import { squaredDistance } from '../../stats/distance.ts'
import { measureBorder, meanOf } from '../../stats/measure-border.ts'
import { measureHalves, measurePeaks } from '../../stats/measure-halves.ts'
import { quantileSorted } from '../../stats/quantile.ts'
import { takeRows } from '../../stats/take-rows.ts'
import { strongestDimension, type DimensionDifference } from './strongest-dimension.ts'

/** A feature that two groups differ in most. */
export interface ToldApart {
  readonly feature: string
  /** Share of its variance that lies between the two, 0 to 1. */
  readonly explained: number
}

/** There are two groups in one segment. */
export interface SplitProposal extends ToldApart {
  readonly kind: 'split'
  readonly segmentKey: string
  /** That were looked at. */
  readonly customers: number
  /** Share of the smaller of the two groups, 0 to 0.5. */
  readonly smaller: number
  readonly dip: number
  /** Of the dip test, adjusted for all segments that were looked at (Holm); 0 below 0.001. */
  readonly p: number
  readonly silhouette: number
  /** Midway between the medians of both, to two digits, in the feature's own unit; null: it is no number. */
  readonly border: number | null
}

/** There is no valley between two segments. */
export interface MergeProposal extends ToldApart {
  readonly kind: 'merge'
  readonly segmentKeys: readonly [string, string]
  readonly customers: number
  readonly dip: number
  /** Of the dip test, not adjusted: that would make proposals more, not fewer. */
  readonly p: number
  /** Between the means, in standard deviations within the segments along the line through both. */
  readonly distance: number
}

export type Proposal = SplitProposal | MergeProposal

/** Other segments that the customers call for, with what was looked at. */
export interface Refinements {
  /** Segments with enough customers to look for two groups in. */
  readonly segments: number
  /** Pairs of nearest segments with enough customers to look for a valley between. */
  readonly borders: number
  /** Splits before merges, the clearest first. */
  readonly proposals: readonly Proposal[]
}

export const LEAST_SPLIT = 200
export const LEAST_MERGED = 100
/** With fewer different places, such as whole numbers have, every value is a peak: the dip test is for values that vary continuously. */
const LEAST_DISTINCT = 0.5
/** Level of the dip test over all segments together. */
export const SPLIT_LEVEL = 0.01
/** Kaufman & Rousseeuw (1990): up to 0.25 there is no substantial structure. */
export const LEAST_SILHOUETTE = 0.25
const LEAST_SIDE = 50
const LEAST_SIDE_SHARE = 0.05
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

interface Group {
  readonly segmentKey: string
  readonly rows: Int32Array
  /** Shape (rows, dimensions), row-major. */
  readonly values: Float64Array
  readonly mean: Float64Array
}

/**
 * Looks for segments that hold two groups, and for neighbours that are one. The same rows in the same order give the same proposals.
 *
 * @param values shape (n, names), row-major, standardised
 * @param names the feature of each dimension
 * @param segmentKeys shape (n)
 * @param numbers features in their own unit, each of shape (n), NaN where there is no value
 */
export function proposeRefinements(
  values: Float64Array,
  names: readonly string[],
  segmentKeys: readonly string[],
  numbers: Readonly<Record<string, Float64Array>>,
): Refinements {
  const groups = groupsOf(values, names.length, segmentKeys)
  const splits = splitsIn(groups, names, numbers)
  const split = new Set(splits.proposals.map(({ segmentKey }) => segmentKey))
  // What holds two groups itself is not to be made larger.
  const merges = mergesOf(groups, names)
  const free = merges.proposals.filter(({ segmentKeys: pair }) => !pair.some((key) => split.has(key)))
  return {
    segments: splits.looked,
    borders: merges.looked,
    proposals: [...splits.proposals, ...disjoint(free)],
  }
}

function groupsOf(values: Float64Array, dimensions: number, segmentKeys: readonly string[]): readonly Group[] {
  if (dimensions === 0) return []
  const rows = new Map<string, number[]>()
  segmentKeys.forEach((key, row) => {
    const found = rows.get(key)
    if (found) found.push(row)
    else rows.set(key, [row])
  })
  return [...rows.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([segmentKey, own]) => {
      const taken = takeRows(values, dimensions, Int32Array.from(own))
      return { segmentKey, rows: Int32Array.from(own), values: taken, mean: meanOf(taken, dimensions) }
    })
}

function splitsIn(
  groups: readonly Group[],
  names: readonly string[],
  numbers: Readonly<Record<string, Float64Array>>,
): { readonly looked: number; readonly proposals: readonly SplitProposal[] } {
  const large = groups.filter(({ rows }) => rows.length >= LEAST_SPLIT)
  const measured = large
    .map((group) => ({ group, ...measurePeaks(group.values, names.length) }))
    .filter(({ distinct }) => distinct >= LEAST_DISTINCT)
  const ps = adjustByHolm(measured.map(({ p }) => p))
  const proposals = measured.flatMap(({ group, dip }, i): SplitProposal[] => {
    if (!(ps[i]! <= SPLIT_LEVEL)) return []
    const { sides, silhouette } = measureHalves(group.values, names.length)
    const customers = sides.length
    const upper = sides.reduce((sum, side) => sum + side, 0)
    const smaller = Math.min(upper, customers - upper)
    if (smaller < Math.max(LEAST_SIDE, LEAST_SIDE_SHARE * customers)) return []
    if (!(silhouette >= LEAST_SILHOUETTE)) return []
    const of = (side: number) => group.rows.filter((_, at) => sides[at] === side)
    const told = strongestDimension(group.values, names, sides)
    return [
      {
        ...{ kind: 'split' as const, segmentKey: group.segmentKey, customers, smaller: round(smaller / customers) },
        ...{ dip: round(dip), p: round(ps[i]!), silhouette: round(silhouette), ...toldBy(told) },
        border: told.isFirst ? borderOf(numbers[told.feature], of(0), of(1)) : null,
      },
    ]
  })
  return { looked: measured.length, proposals: proposals.sort((a, b) => b.silhouette - a.silhouette) }
}

function mergesOf(
  groups: readonly Group[],
  names: readonly string[],
): { readonly looked: number; readonly proposals: readonly MergeProposal[] } {
  const large = groups.filter(({ rows }) => rows.length >= LEAST_MERGED)
  const pairs = nearestPairs(large, names.length)
  const proposals = pairs.flatMap(([a, b]): MergeProposal[] => {
    const { dip, p, distance } = measureBorder(a.values, b.values, names.length)
    const [narrow, wide] = [spreadOf(a), spreadOf(b)].sort((x, y) => x - y)
    if (!(p > NO_VALLEY) || !(distance < MERGED_BELOW) || !(wide! <= MOST_SPREADS_APART * narrow!)) return []
    const both = new Float64Array(a.values.length + b.values.length)
    both.set(a.values)
    both.set(b.values, a.values.length)
    const customers = a.rows.length + b.rows.length
    const sides = Int32Array.from({ length: customers }, (_, row) => (row < a.rows.length ? 0 : 1))
    return [
      {
        ...{ kind: 'merge' as const, segmentKeys: [a.segmentKey, b.segmentKey], customers },
        ...{ dip: round(dip), p: round(p), distance: round(distance) },
        ...toldBy(strongestDimension(both, names, sides)),
      },
    ]
  })
  return { looked: pairs.length, proposals: proposals.sort((a, b) => a.distance - b.distance) }
}

/** Each group with the one whose mean is nearest, every pair once. */
function nearestPairs(groups: readonly Group[], dimensions: number): readonly (readonly [Group, Group])[] {
  const pairs = new Map<string, readonly [Group, Group]>()
  groups.forEach((group, i) => {
    let [nearest, least] = [-1, Infinity]
    groups.forEach((other, j) => {
      const distance = squaredDistance(group.mean, 0, other.mean, 0, dimensions)
      if (i !== j && distance < least) [nearest, least] = [j, distance]
    })
    if (nearest < 0) return
    const [low, high] = [Math.min(i, nearest), Math.max(i, nearest)]
    pairs.set(`${low} ${high}`, [groups[low]!, groups[high]!])
  })
  return [...pairs.values()]
}

/** After one merge the neighbours are others: each segment is in one proposal at most, the nearest. */
function disjoint(proposals: readonly MergeProposal[]): readonly MergeProposal[] {
  const taken = new Set<string>()
  return proposals.filter(({ segmentKeys }) => {
    if (segmentKeys.some((key) => taken.has(key))) return false
    segmentKeys.forEach((key) => taken.add(key))
    return true
  })
}

/** Root mean squared distance to the mean. */
function spreadOf({ values, mean, rows }: Group): number {
  let sum = 0
  for (let row = 0; row < rows.length; row++) sum += squaredDistance(values, row * mean.length, mean, 0, mean.length)
  return Math.sqrt(sum / rows.length)
}

function toldBy({ feature, explained }: DimensionDifference): ToldApart {
  return { feature, explained: round(explained) }
}

function borderOf(column: Float64Array | undefined, low: Int32Array, high: Int32Array): number | null {
  if (!column) return null
  const known = [low, high].map((rows) =>
    Float64Array.from(rows, (row) => column[row]!).filter((value) => !Number.isNaN(value)),
  )
  if (known.some(({ length }) => length < SMALLEST_CELL)) return null
  const [a, b] = known.map((side) => quantileSorted(side.sort(), 0.5))
  return Number(((a! + b!) / 2).toPrecision(2))
}

function round(value: number): number {
  return Number(value.toFixed(3)) + 0
}
