/** A fit as the kernel gives it, cluster numbers in no meaningful order. */
export interface RawFit {
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  readonly labels: Int32Array
}

export interface NumberedClusters {
  readonly centres: readonly (readonly number[])[]
  /** Rows of the fitted sample in each cluster, none 0. */
  readonly sizes: readonly number[]
  /** Number that each had in the fit. */
  readonly origins: readonly number[]
}

/**
 * Numbers clusters 0, 1, … from the largest to the smallest of the sample, equal sizes by their centres, feature by feature: two fits of
 * the same partition get the same numbers. Clusters that hold nobody are left out.
 */
export function numberClusters({ centres, labels }: RawFit, dimensions: number): NumberedClusters {
  const sizes = new Array<number>(centres.length / dimensions).fill(0)
  for (const label of labels) sizes[label]! += 1
  const clusters = sizes
    .map((size, cluster) => ({
      size,
      origin: cluster,
      centre: Array.from(centres.subarray(cluster * dimensions, (cluster + 1) * dimensions)),
    }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size || compareCentres(a.centre, b.centre))
  return {
    centres: clusters.map(({ centre }) => centre),
    sizes: clusters.map(({ size }) => size),
    origins: clusters.map(({ origin }) => origin),
  }
}

function compareCentres(a: readonly number[], b: readonly number[]): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j]! - b[j]!
  return 0
}
