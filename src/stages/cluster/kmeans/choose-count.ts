/** What is known of a count of clusters that was tried. */
export interface TriedCount {
  readonly clusterCount: number
  /** Mean silhouette width over a sample; null when it could not be computed. */
  readonly silhouette: number | null
}

/**
 * The count with the largest silhouette; of equals the smallest count.
 *
 * @param tried at least one
 * @returns its index in `tried`
 */
export function chooseCount(tried: readonly TriedCount[]): number {
  let best = 0
  for (let i = 1; i < tried.length; i++) {
    const [width, bestWidth] = [tried[i]!.silhouette ?? -Infinity, tried[best]!.silhouette ?? -Infinity]
    const isSmaller = tried[i]!.clusterCount < tried[best]!.clusterCount
    if (width > bestWidth || (width === bestWidth && isSmaller)) best = i
  }
  return best
}
