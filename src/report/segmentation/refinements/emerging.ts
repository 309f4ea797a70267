import { isFew } from '../../../run/moves.ts'
import { squaredDistance } from '../../../stats/distance.ts'
import { dipTest } from '../../../stats/dip-test.ts'
import { meanOf, placesAlong } from '../../../stats/measure-border.ts'
import { quantileSorted } from '../../../stats/quantile.ts'
import { takeRows } from '../../../stats/take-rows.ts'
import { strongestDimension } from '../strongest-dimension.ts'
import { type Group, LEAST_DISTINCT, LEAST_SIDE, partedAt, round, type Told } from './groups.ts'
import type { EmergingProposal } from './proposal.ts'
import { LEAST_SPLIT } from './splits.ts'

/** Tukey (1977): further out than so many times the middle half is wide. */
const FENCE = 1.5
export const LEAST_GROUP_SHARE = 0.01
/** Level of the dip test, of the one group in each segment that is looked at. */
export const EMERGING_LEVEL = 0.001
const MOST_FAR = 2_000
const MOST_STEPS = 20

/**
 * Customers far from the mean of their segment, and near one another: the densest heap of those beyond the fence, found by mean shift with a
 * flat kernel (Fukunaga & Hostetler 1975; Cheng 1995) as wide as the median distance to the mean. They are apart where the dip test sees a
 * valley between them and as many of the nearest others of their segment.
 *
 * @param previous segment of each row at the last publication, null: in none; undefined: there is none. Shape (n)
 */
export function emergingIn(
  groups: readonly Group[],
  about: Told,
  previous: readonly (string | null)[] | undefined,
): readonly EmergingProposal[] {
  const total = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  return groups
    .filter(({ rows }) => rows.length >= LEAST_SPLIT)
    .flatMap((group): EmergingProposal[] => {
      const far = densestFar(group, about.names.length)
      if (!far) return []
      const { heap } = far
      if (heap.length < Math.max(LEAST_SIDE, LEAST_GROUP_SHARE * total)) return []
      const apart = measureApart(group, far, about.names.length)
      if (!(apart.p <= EMERGING_LEVEL)) return []
      const isIn = new Set(heap)
      const sides = Int32Array.from(group.rows, (_, at) => (isIn.has(at) ? 1 : 0))
      const of = (side: number): Int32Array => group.rows.filter((_, at) => sides[at] === side)
      return [
        {
          ...{ kind: 'emerging', segmentKey: group.segmentKey, customers: heap.length },
          ...{ share: round(heap.length / total), dip: round(apart.dip), p: round(apart.p) },
          distance: round(apart.distance),
          newcomers: newcomersOf(of(1), previous),
          ...partedAt(strongestDimension(group.values, about.names, sides), about, [of(0), of(1)]),
        },
      ]
    })
    .sort((a, b) => b.customers - a.customers)
}

interface Heap {
  /** Positions in the group, ascending. */
  readonly heap: readonly number[]
  /** Median distance of the group to its mean. */
  readonly reach: number
}

/** @returns undefined where too few are far */
function densestFar({ values, mean, rows }: Group, dimensions: number): Heap | undefined {
  const distances = Float64Array.from(rows, (_, at) =>
    Math.sqrt(squaredDistance(values, at * dimensions, mean, 0, dimensions)),
  )
  const sorted = distances.toSorted()
  const [low, high] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)]
  const fence = high + FENCE * (high - low)
  const reach = quantileSorted(sorted, 0.5)
  const far = [...distances.keys()].filter((at) => distances[at]! > fence).slice(0, MOST_FAR)
  if (far.length < LEAST_SIDE) return undefined
  const near = (centre: Float64Array, from: number, among: Iterable<number>): number[] =>
    [...among].filter(
      (at) => squaredDistance(values, at * dimensions, centre, from * dimensions, dimensions) <= reach ** 2,
    )
  const crowds = far.map((at) => near(values, at, far).length)
  const start = far[crowds.indexOf(Math.max(...crowds))]!
  let heap = near(values, start, far)
  for (let step = 0; step < MOST_STEPS; step++) {
    const centre = meanOf(takeRows(values, dimensions, Int32Array.from(heap)), dimensions)
    const next = near(centre, 0, far)
    if (next.length === heap.length && next.every((at, i) => at === heap[i])) break
    heap = next
  }
  return { heap, reach }
}

/** Of the heap, and as many of the others who come next on the line from the mean of the segment to the heap's. */
function measureApart(
  { values, mean }: Group,
  { heap, reach }: Heap,
  dimensions: number,
): { readonly dip: number; readonly p: number; readonly distance: number } {
  const centre = meanOf(takeRows(values, dimensions, Int32Array.from(heap)), dimensions)
  const places = placesAlong(
    values,
    centre.map((value, j) => value - mean[j]!),
  )
  const outer = places.toSorted().slice(-2 * heap.length)
  const distance = Math.sqrt(squaredDistance(centre, 0, mean, 0, dimensions)) / reach
  if (new Set(outer).size < LEAST_DISTINCT * outer.length) return { dip: 0, p: 1, distance }
  return { ...dipTest(outer), distance }
}

function newcomersOf(
  members: Int32Array,
  previous: readonly (string | null)[] | undefined,
): EmergingProposal['newcomers'] {
  if (!previous) return null
  const fresh = members.filter((row) => previous[row] === null).length
  if (isFew(fresh) || isFew(members.length - fresh)) return null
  const ofAll = previous.filter((key) => key === null).length
  return { share: round(fresh / members.length), ofAll: round(ofAll / previous.length) }
}
