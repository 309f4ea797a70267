import type { Dispersion } from './dispersion.ts'
import { squaredDistance } from './distance.ts'

/**
 * Davies–Bouldin index (1979): how far each cluster reaches into the one it is most alike, on average. Smaller is better, 0 the least.
 *
 * @returns NaN with fewer than two clusters; Infinity when two centres coincide
 */
export function daviesBouldin({ dimensions, centres, meanDistances }: Dispersion): number {
  const clusterCount = centres.length
  if (clusterCount < 2) return NaN
  let sum = 0
  for (let a = 0; a < clusterCount; a++) {
    let worst = 0
    for (let b = 0; b < clusterCount; b++) {
      if (a === b) continue
      const apart = Math.sqrt(squaredDistance(centres[a]!, 0, centres[b]!, 0, dimensions))
      const reach = meanDistances[a]! + meanDistances[b]!
      worst = Math.max(worst, reach === 0 ? 0 : reach / apart)
    }
    sum += worst
  }
  return sum / clusterCount
}
