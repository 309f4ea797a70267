import { squaredDistance } from '../stats/distance.ts'
import type { Placement } from '../ports/kernel-pool.ts'

/**
 * Finds the nearest and the next nearest centre of the rows [start, end) and writes them into `placement`; among equals the lower number.
 *
 * @param values shape (rows, dimensions), row-major
 * @param centres shape (clusterCount, dimensions), row-major
 * @returns the sum of the squared distances to the nearest centres, in row order, each times its row's weight
 */
export function placeRows(
  values: Float64Array,
  dimensions: number,
  centres: Float64Array,
  placement: Placement,
  start: number,
  end: number,
  weights?: Float64Array,
): number {
  const clusterCount = centres.length / dimensions
  let inertia = 0
  for (let i = start; i < end; i++) {
    let nearest = Infinity
    let next = Infinity
    let label = -1
    let nextLabel = -1
    for (let cluster = 0; cluster < clusterCount; cluster++) {
      const distance = squaredDistance(values, i * dimensions, centres, cluster * dimensions, dimensions)
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
    inertia += weights ? weights[i]! * nearest : nearest
  }
  return inertia
}
