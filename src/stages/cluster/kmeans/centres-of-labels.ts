/**
 * Means of the rows of each label.
 *
 * @param values shape (rows, dimensions), row-major
 * @returns shape (clusterCount, dimensions); null when a label has no rows
 */
export function centresOfLabels(
  values: Float64Array,
  dimensions: number,
  labels: Int32Array,
  clusterCount: number,
): Float64Array | null {
  const centres = new Float64Array(clusterCount * dimensions)
  const sizes = new Float64Array(clusterCount)
  labels.forEach((label, row) => {
    sizes[label]! += 1
    for (let j = 0; j < dimensions; j++) centres[label * dimensions + j]! += values[row * dimensions + j]!
  })
  if (sizes.includes(0)) return null
  return centres.map((sum, i) => sum / sizes[Math.floor(i / dimensions)]!)
}
