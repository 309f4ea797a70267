import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'

/** Customers by cluster number from the rows of `COUNT_PLACED`; 0 for clusters without any. */
export function readSizes(clusterCount: number, rows: readonly Readonly<Record<string, unknown>>[]): readonly number[] {
  const sizes = new Array<number>(clusterCount).fill(0)
  for (const { cluster, customers } of rows) sizes[Number(cluster)] = Number(customers)
  return sizes
}

/** Sizes of the same clusters in disjoint shards, added up. */
export function addSizes(clusterCount: number, shards: readonly (readonly number[])[]): readonly number[] {
  return Array.from({ length: clusterCount }, (_, cluster) =>
    shards.reduce((sum, sizes) => sum + (sizes[cluster] ?? 0), 0),
  )
}

/**
 * Every customer with features is in exactly one cluster.
 *
 * @throws CountsDoNotReconcile
 */
export function assertAllPlaced(sizes: readonly number[], writtenCount: number, customerCount: number): void {
  const placed = sizes.reduce((sum, size) => sum + size, 0)
  if (placed === customerCount && writtenCount === customerCount) return
  throw new CountsDoNotReconcile(
    `Of ${customerCount} customers with features, ${placed} were placed in clusters and ${writtenCount} written.`,
    'Nothing was published. Rerun; when it happens again, report it with the run id.',
  )
}
