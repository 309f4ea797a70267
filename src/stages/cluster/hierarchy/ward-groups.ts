import { squaredDistance } from '../../../stats/distance.ts'
import { pointsBelow } from '../../../stats/ward.ts'
import type { WardTree } from '../../../stats/ward.ts'
import type { Split } from './grow-levels.ts'

/** Points of a tree: those below a node, and strays that were cut off on the way down to it. */
export interface WardGroup {
  readonly node: number
  readonly strays: readonly number[]
}

export interface WeightedPoints {
  /** Shape (points, dimensions), row-major. */
  readonly points: Float64Array
  readonly dimensions: number
  readonly weights: Float64Array
}

export function rootOfTree({ left }: WardTree): WardGroup {
  return { node: 2 * left.length, strays: [] }
}

export function pointsOf(tree: WardTree, { node, strays }: WardGroup): readonly number[] {
  return [...pointsBelow(tree, node), ...strays].sort((a, b) => a - b)
}

/**
 * Undoes the highest join below a group that leaves both sides the minimum. Sides that are too light are cut off on the way: a few customers
 * far from all others are no reason to leave the rest together. They go with the nearer part.
 */
export function splitWardGroup(
  tree: WardTree,
  rows: WeightedPoints,
  group: WardGroup,
  minimum: number,
): Split<WardGroup> | null {
  const pointCount = tree.left.length + 1
  const strays = [...group.strays]
  let { node } = group
  while (node >= pointCount) {
    const join = node - pointCount
    const [a, b] = [tree.left[join]!, tree.right[join]!]
    const [light, heavy] = tree.weights[a]! < tree.weights[b]! ? [a, b] : [b, a]
    if (tree.weights[light]! >= minimum)
      return { gain: tree.heights[join]!, parts: shareOut(tree, rows, [a, b], strays) }
    strays.push(...pointsBelow(tree, light))
    node = heavy
  }
  return null
}

function shareOut(
  tree: WardTree,
  rows: WeightedPoints,
  nodes: readonly [number, number],
  strays: readonly number[],
): [WardGroup, WardGroup] {
  const [a, b] = nodes.map((node) => centroidOf(rows, pointsBelow(tree, node))) as [Float64Array, Float64Array]
  const { points, dimensions } = rows
  const toFirst = strays.map(
    (point) =>
      squaredDistance(points, point * dimensions, a, 0, dimensions) <=
      squaredDistance(points, point * dimensions, b, 0, dimensions),
  )
  return [
    { node: nodes[0], strays: strays.filter((_, i) => toFirst[i]) },
    { node: nodes[1], strays: strays.filter((_, i) => !toFirst[i]) },
  ]
}

/** Weighted mean of points. */
export function centroidOf({ points, dimensions, weights }: WeightedPoints, members: readonly number[]): Float64Array {
  const centroid = new Float64Array(dimensions)
  let weight = 0
  for (const member of members) {
    weight += weights[member]!
    for (let j = 0; j < dimensions; j++) centroid[j]! += weights[member]! * points[member * dimensions + j]!
  }
  return centroid.map((sum) => sum / weight)
}
