import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import type { Placed } from './placed.ts'

/**
 * Adds customers to the sizes of the clusters they are in, first of all or further.
 *
 * @returns how many are in one first of all
 */
export function countPlaced({ cluster, also }: Pick<Placed, 'cluster' | 'also'>, sizes: number[]): number {
  for (const memberships of [cluster, ...also]) for (const number of memberships) if (number >= 0) sizes[number]! += 1
  return cluster.reduce((count, number) => count + (number >= 0 ? 1 : 0), 0)
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
 * @param placed customers with a cluster
 * @param written rows of the candidate
 * @throws CountsDoNotReconcile
 */
export function assertAllPlaced(placed: number, written: number, customerCount: number): void {
  if (placed === customerCount && written === customerCount) return
  throw new CountsDoNotReconcile(
    `Of ${customerCount} customers with features, ${placed} were placed in clusters and ${written} written.`,
    'Nothing was published. Rerun; when it happens again, report it with the run id.',
  )
}
