import { SMALLEST_CELL } from '../../../run/moves.ts'
import { squaredDistance } from '../../../stats/distance.ts'
import { findValley } from '../../../stats/find-valley.ts'
import { meanOf } from '../../../stats/measure-border.ts'
import { quantileSorted } from '../../../stats/quantile.ts'
import { takeRows } from '../../../stats/take-rows.ts'
import type { DimensionDifference } from '../strongest-dimension.ts'
import type { PartedAt, ToldApart } from './proposal.ts'

/** Fewer are no group to treat apart. */
export const LEAST_SIDE = 50
export const LEAST_SIDE_SHARE = 0.05
/** With fewer different places, such as whole numbers have, every value is a peak: the dip test is for values that vary continuously. */
export const LEAST_DISTINCT = 0.5

/** The customers of a segment that are looked at. */
export interface Group {
  readonly segmentKey: string
  readonly rows: Int32Array
  /** Shape (rows, dimensions), row-major. */
  readonly values: Float64Array
  readonly mean: Float64Array
}

/** What features say, of the same rows: the feature of each dimension, and features in their own unit, NaN where there is no value. */
export interface Told {
  readonly names: readonly string[]
  readonly numbers: Readonly<Record<string, Float64Array>>
}

/** @param values shape (n, dimensions), row-major, standardised; @param segmentKeys shape (n) */
export function groupsOf(values: Float64Array, dimensions: number, segmentKeys: readonly string[]): readonly Group[] {
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

/** Each of the groups with the one whose mean is nearest, every pair once. */
export function nearestPairs(groups: readonly Group[], dimensions: number): readonly (readonly [Group, Group])[] {
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

export function toldBy({ feature, explained }: DimensionDifference): ToldApart {
  return { feature, explained: round(explained) }
}

/** @param sides rows of one group and of the other */
export function partedAt(
  told: DimensionDifference,
  { numbers }: Told,
  sides: readonly [Int32Array, Int32Array],
): PartedAt {
  return { ...toldBy(told), border: told.isFirst ? borderOf(numbers[told.feature], sides) : null }
}

/** The valley between both; where there is none, midway between their medians. */
function borderOf(column: Float64Array | undefined, sides: readonly [Int32Array, Int32Array]): number | null {
  if (!column) return null
  const known = sides.map((rows) =>
    Float64Array.from(rows, (row) => column[row]!).filter((value) => !Number.isNaN(value)),
  )
  if (known.some(({ length }) => length < SMALLEST_CELL)) return null
  const [a, b] = known.map((side) => quantileSorted(side.toSorted(), 0.5)) as [number, number]
  const valley = findValley(Float64Array.from(known.flatMap((side) => [...side])))?.place
  const isBetween = valley !== undefined && (valley - a) * (valley - b) < 0
  return Number((isBetween ? valley : (a + b) / 2).toPrecision(2))
}

export function round(value: number): number {
  return Number(value.toFixed(3)) + 0
}
