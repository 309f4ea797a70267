import { uniformDraws } from './uniform-draws.ts'

/** Rows of numbers and of categories. */
export interface MixedRows {
  readonly rowCount: number
  /** Shape (rows, numberCount), row-major. */
  readonly numbers: Float64Array
  readonly numberCount: number
  /** Levels from 0, shape (rows, categories), row-major. */
  readonly codes: Int32Array
  /** Levels that each category has. */
  readonly levelCounts: readonly number[]
  /** What differing in a category adds to the squared distance, shape (categories). */
  readonly penalties: Float64Array
}

export interface KPrototypesRequest {
  readonly rows: MixedRows
  readonly clusterCount: number
  readonly seed: number
  readonly maxIterations: number
}

export interface Prototypes {
  /** Shape (clusters, numberCount), row-major. */
  readonly means: Float64Array
  /** Most frequent levels, the lowest of equals: shape (clusters, categories), row-major. */
  readonly modes: Int32Array
}

export interface KPrototypesFit {
  readonly prototypes: Prototypes
  /** Nearest prototype, the first of equals. */
  readonly labels: Int32Array
  /** Sum of the distances to the own prototype: squared ones of the numbers, and penalties. */
  readonly cost: number
  readonly iterations: number
  readonly converged: boolean
}

/**
 * k-prototypes (Huang 1998): means of numbers and modes of categories, in turns with the nearest prototypes, for all rows at a time. The first
 * prototypes are rows, drawn with probabilities proportional to the distance to the nearest so far (k-means++). A cluster that loses its
 * last row takes the row that is farthest from its own prototype. One thread, rows in order.
 */
export function fitKPrototypes({ rows, clusterCount, seed, maxIterations }: KPrototypesRequest): KPrototypesFit {
  let prototypes = drawPrototypes(rows, clusterCount, seed)
  let labels: Int32Array = new Int32Array(rows.rowCount).fill(-1)
  const distances = new Float64Array(rows.rowCount)
  let iterations = 0
  for (;;) {
    const before = labels
    labels = nearestPrototypes(rows, prototypes, distances)
    const converged = labels.every((label, row) => label === before[row])
    if (converged || iterations === maxIterations)
      return { prototypes, labels, cost: distances.reduce((sum, one) => sum + one, 0), iterations, converged }
    fillEmpty(labels, distances, clusterCount)
    prototypes = prototypesOf(rows, labels, prototypes)
    iterations += 1
  }
}

/** @param distances receives the distance of each row to its prototype */
export function nearestPrototypes(rows: MixedRows, { means, modes }: Prototypes, distances: Float64Array): Int32Array {
  const { rowCount, numbers, numberCount, codes, penalties } = rows
  const categoryCount = penalties.length
  const clusterCount = numberCount > 0 ? means.length / numberCount : modes.length / categoryCount
  const labels = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    let nearest = Infinity
    for (let cluster = 0; cluster < clusterCount; cluster++) {
      let distance = 0
      for (let j = 0, at = row * numberCount, to = cluster * numberCount; j < numberCount; j++)
        distance += (numbers[at + j]! - means[to + j]!) ** 2
      if (distance >= nearest) continue
      for (let j = 0, at = row * categoryCount, to = cluster * categoryCount; j < categoryCount; j++)
        if (codes[at + j] !== modes[to + j]) distance += penalties[j]!
      if (distance < nearest) {
        nearest = distance
        labels[row] = cluster
      }
    }
    distances[row] = nearest
  }
  return labels
}

/** Means and modes of clusters; one without rows keeps its own. */
function prototypesOf(rows: MixedRows, labels: Int32Array, before: Prototypes): Prototypes {
  const { numbers, numberCount, codes, levelCounts } = rows
  const categoryCount = levelCounts.length
  const means = before.means.slice()
  const modes = before.modes.slice()
  const clusterCount = numberCount > 0 ? means.length / numberCount : modes.length / categoryCount
  const sizes = sizesOf(labels, clusterCount)
  const sums = new Float64Array(means.length)
  labels.forEach((cluster, row) => {
    for (let j = 0; j < numberCount; j++) sums[cluster * numberCount + j]! += numbers[row * numberCount + j]!
  })
  for (let i = 0; i < sums.length; i++) {
    const size = sizes[Math.floor(i / numberCount)]!
    if (size > 0) means[i] = sums[i]! / size
  }
  for (let j = 0; j < categoryCount; j++) {
    const levelCount = levelCounts[j]!
    const counts = new Int32Array(clusterCount * levelCount)
    labels.forEach((cluster, row) => (counts[cluster * levelCount + codes[row * categoryCount + j]!]! += 1))
    for (let cluster = 0; cluster < clusterCount; cluster++) {
      if (sizes[cluster] === 0) continue
      const ofCluster = counts.subarray(cluster * levelCount, (cluster + 1) * levelCount)
      modes[cluster * categoryCount + j] = ofCluster.indexOf(ofCluster.reduce((a, b) => Math.max(a, b), 0))
    }
  }
  return { means, modes }
}

function sizesOf(labels: Int32Array, clusterCount: number): Int32Array {
  const sizes = new Int32Array(clusterCount)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

/** Gives each empty cluster the row farthest from its own prototype, the first of equals, unless all lie on theirs. */
function fillEmpty(labels: Int32Array, distances: Float64Array, clusterCount: number): void {
  const sizes = sizesOf(labels, clusterCount)
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    if (sizes[cluster]! > 0) continue
    let farthest = -1
    for (let row = 0; row < labels.length; row++)
      if (sizes[labels[row]!]! > 1 && distances[row]! > (farthest < 0 ? 0 : distances[farthest]!)) farthest = row
    if (farthest < 0) return
    sizes[labels[farthest]!]! -= 1
    sizes[cluster] = 1
    labels[farthest] = cluster
    distances[farthest] = 0
  }
}

function drawPrototypes(rows: MixedRows, clusterCount: number, seed: number): Prototypes {
  const { rowCount, numbers, numberCount, codes, levelCounts } = rows
  const categoryCount = levelCounts.length
  const draw = uniformDraws(seed)
  const means = new Float64Array(clusterCount * numberCount)
  const modes = new Int32Array(clusterCount * categoryCount)
  const nearest = new Float64Array(rowCount).fill(Infinity)
  const distances = new Float64Array(rowCount)
  let row = Math.floor(draw() * rowCount)
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const one: Prototypes = {
      means: numbers.slice(row * numberCount, (row + 1) * numberCount),
      modes: codes.slice(row * categoryCount, (row + 1) * categoryCount),
    }
    means.set(one.means, cluster * numberCount)
    modes.set(one.modes, cluster * categoryCount)
    nearestPrototypes(rows, one, distances)
    let total = 0
    for (let i = 0; i < rowCount; i++) total += nearest[i] = Math.min(nearest[i]!, distances[i]!)
    if (total > 0) row = drawByShare(nearest, draw() * total)
  }
  return { means, modes }
}

/** The row at which the running sum passes `left`; never one of share 0, whatever rounding does. */
function drawByShare(shares: Float64Array, left: number): number {
  let row = 0
  for (let i = 0; i < shares.length; i++) {
    if (!(shares[i]! > 0)) continue
    row = i
    left -= shares[i]!
    if (left < 0) break
  }
  return row
}
