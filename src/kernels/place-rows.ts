import type { Placement } from '../ports/kernel-pool.ts'

/**
 * Finds the nearest and the next nearest centre of the rows [start, end) and writes them into `placement`; among equals the lower number.
 * Distances to four centres are added up side by side, each of them in column order: the processor need not wait for one sum. This is for
 * machines on which the fast kernel does not run; `placeFast` does the same with it.
 *
 * @param values shape (rows, dimensions), row-major
 * @param centres shape (clusterCount, dimensions), row-major
 */
export function placeRows(
  values: Float64Array,
  dimensions: number,
  centres: Float64Array,
  placement: Placement,
  start: number,
  end: number,
): void {
  const clusterCount = centres.length / dimensions
  const groupCount = Math.ceil(clusterCount / 4)
  const groups = groupByFour(centres, dimensions)
  const squares = new Float64Array(groupCount * 4)
  for (let i = start; i < end; i++) {
    const row = i * dimensions
    for (let group = 0, at = 0; group < groupCount; group++) {
      let a = 0
      let b = 0
      let c = 0
      let d = 0
      for (let j = 0; j < dimensions; j++, at += 4) {
        const x = values[row + j]!
        const e = x - groups[at]!
        const f = x - groups[at + 1]!
        const g = x - groups[at + 2]!
        const h = x - groups[at + 3]!
        a += e * e
        b += f * f
        c += g * g
        d += h * h
      }
      squares[group * 4] = a
      squares[group * 4 + 1] = b
      squares[group * 4 + 2] = c
      squares[group * 4 + 3] = d
    }
    let nearest = Infinity
    let next = Infinity
    let label = -1
    let nextLabel = -1
    for (let cluster = 0; cluster < clusterCount; cluster++) {
      const distance = squares[cluster]!
      if (distance < nearest) {
        next = nearest
        nextLabel = label
        nearest = distance
        label = cluster
      } else if (distance < next) {
        next = distance
        nextLabel = cluster
      }
    }
    placement.labels[i] = label
    placement.nextLabels[i] = nextLabel
    placement.distances[i] = Math.sqrt(nearest)
    placement.nextDistances[i] = Math.sqrt(next)
  }
}

/** Centres in groups of four: dimension by dimension the four values; centres infinitely far away fill the last group up. */
export function groupByFour(centres: Float64Array, dimensions: number): Float64Array {
  const clusterCount = centres.length / dimensions
  const groups = new Float64Array(Math.ceil(clusterCount / 4) * 4 * dimensions).fill(Infinity)
  for (let cluster = 0; cluster < clusterCount; cluster++)
    for (let j = 0; j < dimensions; j++)
      groups[((cluster >> 2) * dimensions + j) * 4 + (cluster & 3)] = centres[cluster * dimensions + j]!
  return groups
}
