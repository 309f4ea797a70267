import { contingencyTable } from './contingency.ts'

/**
 * Prediction strength of one split (Tibshirani & Walther 2005): rows of the test half that their own clustering puts together, and the
 * centres of the training half too, as a share of the pairs of the cluster for which that share is least.
 *
 * @param own labels of the test half by its own clustering
 * @param predicted labels of the same rows by the clustering of the training half
 * @returns 0 to 1; 0 when a cluster has a single row, because there is no pair to predict
 */
export function predictionStrength(own: Int32Array, predicted: Int32Array): number {
  const { rows, columns, counts } = contingencyTable(own, predicted)
  let weakest = 1
  for (let i = 0; i < rows; i++) {
    let [size, together] = [0, 0]
    for (let j = 0; j < columns; j++) {
      const count = counts[i * columns + j]!
      size += count
      together += count * (count - 1)
    }
    if (size > 0) weakest = Math.min(weakest, size < 2 ? 0 : together / (size * (size - 1)))
  }
  return weakest
}
