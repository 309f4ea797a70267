/** Points joined two by two. Nodes 0 to points − 1 are the points, node points + i is the i-th join. */
export interface WardTree {
  /** The two nodes of each join, shape (points − 1), in the order of the heights. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** Ascending: √(2 wᵥ wᵤ ÷ (wᵥ + wᵤ)) × the distance of the two centroids, as scipy and R's `ward.D2` give it for weights of 1. */
  readonly heights: Float64Array
  /** Of all nodes: shape (2 × points − 1). */
  readonly weights: Float64Array
}

/**
 * Ward's hierarchical clustering (Ward 1963) of weighted points: always the two groups are joined whose joining adds least to the sum of
 * squared distances to their centroids. By chains of nearest neighbours (Murtagh 1983) over centroids: points² × dimensions operations, and
 * no matrix of distances.
 *
 * @param points shape (points, dimensions), row-major, at least one point
 * @param weights shape (points), > 0: a point of weight 3 counts as three points in one place
 */
export function wardTree(points: Float64Array, dimensions: number, weights: Float64Array): WardTree {
  const count = weights.length
  const centroids = points.slice()
  const masses = weights.slice()
  const active = Array.from({ length: count }, (_, i) => i)
  const joins: { a: number; b: number; square: number }[] = []
  const chain: number[] = []
  while (active.length > 1) {
    if (chain.length === 0) chain.push(active[0]!)
    const tip = chain.at(-1)!
    const before = chain.at(-2)
    // Among equals the one before, so that the chain ends, then the first.
    let nearest = before ?? -1
    let least = before === undefined ? Infinity : joinCost(centroids, masses, dimensions, tip, before)
    for (const other of active) {
      if (other === tip) continue
      const cost = joinCost(centroids, masses, dimensions, tip, other)
      if (cost < least) {
        least = cost
        nearest = other
      }
    }
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.length -= 2
    const [a, b] = tip < nearest ? [tip, nearest] : [nearest, tip]
    joins.push({ a, b, square: 2 * least })
    const mass = masses[a]! + masses[b]!
    for (let j = 0; j < dimensions; j++)
      centroids[a * dimensions + j] =
        (centroids[a * dimensions + j]! * masses[a]! + centroids[b * dimensions + j]! * masses[b]!) / mass
    masses[a] = mass
    active.splice(active.indexOf(b), 1)
  }
  return numberNodes(joins, weights)
}

/** What joining adds to the sum of squared distances. */
function joinCost(centroids: Float64Array, masses: Float64Array, dimensions: number, a: number, b: number): number {
  let square = 0
  for (let j = 0, x = a * dimensions, y = b * dimensions; j < dimensions; j++, x++, y++) {
    const difference = centroids[x]! - centroids[y]!
    square += difference * difference
  }
  return ((masses[a]! * masses[b]!) / (masses[a]! + masses[b]!)) * square
}

/** Chains find joins out of order; a join is named by one point of each of its groups until they are sorted. */
function numberNodes(
  joins: readonly { readonly a: number; readonly b: number; readonly square: number }[],
  pointWeights: Float64Array,
): WardTree {
  const count = pointWeights.length
  const sorted = joins.toSorted((x, y) => x.square - y.square)
  const parent = Int32Array.from({ length: 2 * count - 1 }, (_, node) => node)
  const rootOf = (node: number): number => {
    let root = node
    while (parent[root] !== root) root = parent[root]!
    while (parent[node] !== root) [node, parent[node]] = [parent[node]!, root]
    return root
  }
  const weights = new Float64Array(2 * count - 1)
  weights.set(pointWeights)
  const left = new Int32Array(joins.length)
  const right = new Int32Array(joins.length)
  sorted.forEach(({ a, b }, join) => {
    const roots = [rootOf(a), rootOf(b)].sort((x, y) => x - y)
    left[join] = roots[0]!
    right[join] = roots[1]!
    parent[roots[0]!] = parent[roots[1]!] = count + join
    weights[count + join] = weights[roots[0]!]! + weights[roots[1]!]!
  })
  return { left, right, heights: Float64Array.from(sorted, ({ square }) => Math.sqrt(square)), weights }
}

/** Points below a node, ascending. */
export function pointsBelow({ left, right }: WardTree, node: number): readonly number[] {
  const count = left.length + 1
  const points: number[] = []
  const open = [node]
  while (open.length > 0) {
    const next = open.pop()!
    if (next < count) points.push(next)
    else open.push(left[next - count]!, right[next - count]!)
  }
  return points.sort((a, b) => a - b)
}
