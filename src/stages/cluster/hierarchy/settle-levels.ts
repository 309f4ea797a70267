import { squaredDistance } from '../../../stats/distance.ts'
import type { ModelCluster } from '../model.ts'

/** A group of the finest level, once all customers are counted. */
export interface Leaf {
  readonly centre: readonly number[]
  readonly size: number
  /** Index of its group on each level, from the coarsest to the finest; indices of a level mean nothing but the same group. */
  readonly path: readonly number[]
}

export interface SettledHierarchy {
  /** Those of the finest level first, then the next coarser one, and so on: within a level from the largest. */
  readonly clusters: readonly ModelCluster[]
  /** Of the clusters of the finest level. */
  readonly centres: readonly (readonly number[])[]
  readonly sizes: readonly number[]
}

/**
 * Which centres stay when groups that are too small dissolve: always the smallest goes, of equals the last, and its customers go to the next
 * nearest.
 *
 * @param countAt customers nearest to each of some centres
 * @returns indices of the centres that stay, and their customers
 */
export async function dissolveSmall(
  centreCount: number,
  minimum: number,
  countAt: (kept: readonly number[]) => Promise<readonly number[]>,
): Promise<{ kept: readonly number[]; sizes: readonly number[] }> {
  let kept: readonly number[] = Array.from({ length: centreCount }, (_, i) => i)
  for (;;) {
    const sizes = await countAt(kept)
    const smallest = Math.min(...sizes)
    if (smallest >= minimum || kept.length === 1) return { kept, sizes }
    const gone = sizes.lastIndexOf(smallest)
    kept = kept.filter((_, i) => i !== gone)
  }
}

/**
 * Joins groups above the finest level that are too small with the nearest group of the same parent, from the coarsest level down, and numbers
 * all clusters.
 *
 * @param minimums customers that a group of each level has at least, from the coarsest
 */
export function settleLevels(leaves: readonly Leaf[], minimums: readonly number[]): SettledHierarchy {
  const paths = leaves.map(({ path }) => [...path])
  for (let level = 0; level < minimums.length - 1; level++) joinSmall(leaves, paths, level, minimums[level]!)
  const finest = minimums.length - 1
  const numbers: Map<number, number>[] = []
  const clusters: ModelCluster[] = []
  let before = 0
  for (let level = finest; level >= 0; level--) {
    const ordered = groupsAt(leaves, paths, level).sort((a, b) => b.size - a.size || compare(a.centre, b.centre))
    numbers[level] = new Map(ordered.map(({ index }, i) => [index, before + i]))
    before += ordered.length
  }
  for (let level = finest; level >= 0; level--)
    for (const [index] of numbers[level]!) {
      const path = paths.find((one) => one[level] === index)!
      const parent = level === 0 ? null : numbers[level - 1]!.get(path[level - 1]!)!
      clusters.push({ ownKey: null, name: null, criteria: null, level: finest - level, parent })
    }
  const leafOf = [...numbers[finest]!.keys()].map((index) => leaves[paths.findIndex((path) => path[finest] === index)]!)
  return { clusters, centres: leafOf.map(({ centre }) => centre), sizes: leafOf.map(({ size }) => size) }
}

interface Group {
  readonly index: number
  readonly parent: number
  readonly size: number
  readonly centre: readonly number[]
}

function joinSmall(leaves: readonly Leaf[], paths: number[][], level: number, minimum: number): void {
  for (;;) {
    const groups = groupsAt(leaves, paths, level)
    const small = groups
      .filter(
        ({ size, parent, index }) => size < minimum && groups.some((other) => isSibling(other, { parent, index })),
      )
      .sort((a, b) => a.size - b.size || a.index - b.index)[0]
    if (!small) return
    const target = groups
      .filter((other) => isSibling(other, small))
      .map((other) => ({ ...other, distance: distanceOf(other.centre, small.centre) }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)[0]!
    for (const path of paths) if (path[level] === small.index) path[level] = target.index
  }
}

function isSibling(a: Pick<Group, 'parent' | 'index'>, b: Pick<Group, 'parent' | 'index'>): boolean {
  return a.parent === b.parent && a.index !== b.index
}

/** In the order of their first leaves. */
function groupsAt(leaves: readonly Leaf[], paths: readonly (readonly number[])[], level: number): Group[] {
  const indices = [...new Set(paths.map((path) => path[level]!))]
  return indices.map((index) => {
    const members = leaves.filter((_, i) => paths[i]![level] === index)
    const size = members.reduce((sum, leaf) => sum + leaf.size, 0)
    const centre = members[0]!.centre.map(
      (_, j) => members.reduce((sum, leaf) => sum + leaf.size * leaf.centre[j]!, 0) / size,
    )
    const parent = level === 0 ? 0 : paths.find((path) => path[level] === index)![level - 1]!
    return { index, parent, size, centre }
  })
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
  return squaredDistance(Float64Array.from(a), 0, Float64Array.from(b), 0, a.length)
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j]! - b[j]!
  return 0
}
