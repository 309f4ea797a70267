import { squaredDistance } from './distance.ts'
import { principalComponent } from './principal-component.ts'

const MOST_STEPS = 30

/**
 * k-means with two clusters (Lloyd 1982), begun with the two sides of the mean along the principal component (Su & Dy 2007, PCA-Part): nothing
 * is drawn.
 *
 * @param values shape (rows, dimensions), row-major, finite
 * @returns 0 or 1, shape (rows); all 0 when nothing varies
 */
export function twoMeans(values: Float64Array, dimensions: number): Int32Array {
  const labels = Int32Array.from(principalComponent(values, dimensions), (place) => (place > 0 ? 1 : 0))
  for (let step = 0; step < MOST_STEPS; step++) {
    const centres = centresOf(values, dimensions, labels)
    if (!centres) break
    let changed = 0
    for (let row = 0; row < labels.length; row++) {
      const toFirst = squaredDistance(values, row * dimensions, centres[0], 0, dimensions)
      const nearest = squaredDistance(values, row * dimensions, centres[1], 0, dimensions) < toFirst ? 1 : 0
      if (nearest === labels[row]) continue
      labels[row] = nearest
      changed++
    }
    if (changed === 0) break
  }
  return labels
}

/** Null: a side has no rows. */
function centresOf(
  values: Float64Array,
  dimensions: number,
  labels: Int32Array,
): readonly [Float64Array, Float64Array] | null {
  const sums = [new Float64Array(dimensions), new Float64Array(dimensions)] as const
  const sizes = [0, 0]
  labels.forEach((label, row) => {
    sizes[label]! += 1
    for (let j = 0; j < dimensions; j++) sums[label]![j]! += values[row * dimensions + j]!
  })
  if (sizes.includes(0)) return null
  sums.forEach((sum, label) => sum.forEach((value, j) => (sum[j] = value / sizes[label]!)))
  return sums
}
