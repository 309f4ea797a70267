import { contingencyTable } from './contingency.ts'
import { jaccardMatrix } from './jaccard.ts'

/**
 * How well each cluster comes back in another clustering of the same rows: its largest Jaccard overlap (Hennig 2007, `clusterboot` of the R
 * package fpc). The mean over bootstrap samples says how stable a cluster is: from 0.85 highly, from 0.75 valid, below 0.6 not to be trusted.
 *
 * @param labels of the clustering that is judged
 * @param again labels of the same rows by the other one
 * @returns shape (clusterCount); NaN for clusters without rows
 */
export function recoveredClusters(labels: Int32Array, again: Int32Array, clusterCount: number): Float64Array {
  const table = contingencyTable(labels, again)
  const overlaps = jaccardMatrix(table)
  const best = new Float64Array(clusterCount).fill(NaN)
  for (const label of labels) best[label] = 0
  for (let i = 0; i < table.rows; i++)
    for (let j = 0; j < table.columns; j++) best[i] = Math.max(best[i]!, overlaps[i * table.columns + j]!)
  return best
}
