import type { Dispersion } from './dispersion.ts'
import { squaredDistance } from './distance.ts'

/**
 * Variance ratio (Caliński & Harabasz 1974): spread between the clusters ÷ spread within them, each by its degrees of freedom. Larger is
 * better; it favours round clusters of equal size.
 *
 * @returns NaN with fewer than two clusters, or with as many as rows; Infinity when all rows lie on their centres
 */
export function calinskiHarabasz({ rowCount, dimensions, sizes, centres, centre, squares }: Dispersion): number {
  const clusterCount = sizes.length
  if (clusterCount < 2 || clusterCount >= rowCount) return NaN
  let [between, within] = [0, 0]
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    between += sizes[cluster]! * squaredDistance(centres[cluster]!, 0, centre, 0, dimensions)
    within += squares[cluster]!
  }
  return between / (clusterCount - 1) / (within / (rowCount - clusterCount))
}
