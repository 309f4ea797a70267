import { calinskiHarabasz } from './calinski-harabasz.ts'
import { daviesBouldin } from './davies-bouldin.ts'
import { dispersionOf } from './dispersion.ts'
import type { Partition } from './silhouette.ts'

/** How far clusters lie apart; null: no finite value. */
export interface Separation {
  readonly calinskiHarabasz: number | null
  readonly daviesBouldin: number | null
}

/** @param values shape (rows, dimensions), row-major */
export function measureSeparation(
  values: Float64Array,
  dimensions: number,
  partitions: readonly Partition[],
): readonly Separation[] {
  return partitions.map((partition) => {
    const dispersion = dispersionOf(values, dimensions, partition)
    return {
      calinskiHarabasz: finite(calinskiHarabasz(dispersion)),
      daviesBouldin: finite(daviesBouldin(dispersion)),
    }
  })
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
