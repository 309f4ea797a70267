import type { KMeansRequest } from '../ports/kernel-pool.ts'

/** @throws RangeError for what no kernel can compute */
export function assertRequest({ matrix, clusterCount, seeds, centres, weights, kernel }: KMeansRequest): void {
  const { rowCount, dimensions } = matrix
  if (rowCount === 0 || dimensions === 0)
    throw new RangeError(`There is nothing to cluster in a matrix of ${rowCount} × ${dimensions}.`)
  if (!Number.isInteger(clusterCount) || clusterCount < 1)
    throw new RangeError(`${clusterCount} is no number of clusters: at least 1 is needed.`)
  if (seeds.length === 0 && !centres) throw new RangeError('A fit needs a seed, or centres to begin with.')
  if (kernel === 'reference' && (centres ?? weights))
    throw new RangeError('The reference kernel takes neither centres nor weights: use the fast one.')
  if (centres && centres.length !== clusterCount * dimensions)
    throw new RangeError(`${clusterCount} centres of ${dimensions} dimensions are not ${centres.length} values.`)
  if (weights) assertWeights(weights, rowCount)
}

function assertWeights(weights: Float64Array, rowCount: number): void {
  if (weights.length !== rowCount) throw new RangeError(`${rowCount} rows cannot have ${weights.length} weights.`)
  const bad = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity))
  if (bad >= 0) throw new RangeError(`Row ${bad + 1} has the weight ${weights[bad]}: weights are finite and 0 or more.`)
  if (!weights.some((weight) => weight > 0)) throw new RangeError('All weights are 0: there is nothing to cluster.')
}
