import { afterAll, describe, expect, it } from 'vitest'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import type { Matrix } from '../../src/ports/kernel-pool.ts'
import { fitMixture } from '../../src/stats/fit-mixture.ts'
import type { FittedMixture } from '../../src/stats/fit-mixture.ts'
import { placeInMixture } from '../../src/stats/place-in-mixture.ts'
import { readWholesale, readWine, standardise } from './reference-fits.ts'
import { haveReferenceSets, readIris } from './reference-sets.ts'

const pool = makeKernelPool({ threads: 2 })
afterAll(() => pool.close())

/** From the best of many k-means, as the stored figures of scikit-learn are. */
async function fitFrom(matrix: Matrix, componentCount: number): Promise<FittedMixture> {
  const { labels } = await pool.kmeans({
    matrix,
    clusterCount: componentCount,
    seeds: Array.from({ length: 200 }, (_, seed) => seed),
    maxIterations: 300,
    tolerance: 0,
  })
  const { values, dimensions } = matrix
  return fitMixture({
    ...{ values, dimensions, starts: [labels], componentCount },
    ...{ varianceFloor: 1e-9, tolerance: 1e-7, maxIterations: 5000 },
  })
}

const sizesOf = ({ labels, mixture }: FittedMixture): readonly number[] =>
  Array.from(mixture.weights, (_, component) => labels.filter((label) => label === component).length).sort(
    (a, b) => a - b,
  )

const wholesaleLogs = (): Matrix => {
  const { values, ...shape } = readWholesale()
  return standardise({ ...shape, values: values.map(Math.log) })
}

// scikit-learn 1.9.1, GaussianMixture(covariance_type='diag', reg_covar=0, tol=1e-7, max_iter=5000) from weights, means and variances of the
// best of 100 k-means. Steps are the same, sums are not taken in the same order.
describe.runIf(haveReferenceSets())('mixtures on data with known answers', { timeout: 120_000 }, () => {
  it.each([
    [1, -741.0175351853397, 1522.1201527234496, [150], 2],
    [2, -386.1853469344873, 857.551493868611, [50, 100], 4],
    [3, -307.1775816018642, 744.631680850231, [36, 50, 64], 11],
  ] as const)(
    'of %i components have the likelihood and BIC of scikit-learn on iris',
    async (k, likelihood, bic, sizes, steps) => {
      const found = await fitFrom(readIris().matrix, k)
      expect(found.logLikelihood).toBeCloseTo(likelihood, 6)
      expect(found.bic).toBeCloseTo(bic, 6)
      expect(sizesOf(found)).toEqual(sizes)
      expect(found).toMatchObject({ converged: true, fault: null, iterations: steps })
    },
  )

  it('have the weights, means, variances, posteriors and densities of scikit-learn on iris, k = 3', async () => {
    const { matrix } = readIris()
    const { mixture, labels } = await fitFrom(matrix, 3)
    const [versicolor, setosa, virginica] = [labels[60]!, labels[0]!, labels[140]!]
    expect(mixture.weights[versicolor]).toBeCloseTo(0.4140985577, 8)
    expect(mixture.means[virginica * 4]).toBeCloseTo(6.8099010672, 8)
    expect(mixture.variances[setosa * 4 + 3]).toBeCloseTo(0.0108839999, 8)
    const placed = placeInMixture({
      mixture,
      values: matrix.values,
      groupOfDimension: Int32Array.of(0, 1, 2, 3),
      groupCount: 4,
    })
    expect(placed.posteriors[50]).toBeCloseTo(0.9557495525, 8)
    expect(placed.posteriors[70]).toBeCloseTo(0.8788667993, 8)
    expect(placed.logDensities[50]).toBeCloseTo(-4.375759320323, 8)
    expect(placed.logDensities[106]).toBeCloseTo(-3.873442932086, 8)
  })

  it.each([
    [2, -2854.531218723781, 5983.696965613042, [71, 107]],
    [3, -2571.138675231983, 5556.820034487333, [51, 63, 64]],
  ] as const)(
    'of %i components have the likelihood and BIC of scikit-learn on standardised wine',
    async (k, likelihood, bic, sizes) => {
      const found = await fitFrom(standardise(readWine()), k)
      expect(found.logLikelihood).toBeCloseTo(likelihood, 5)
      expect(found.bic).toBeCloseTo(bic, 5)
      expect(sizesOf(found)).toEqual(sizes)
    },
  )

  it.each([
    [2, -3417.7459130487578, 6987.661194270323, [170, 270]],
    [3, -3244.3889850079986, 6720.0754096386645, [51, 148, 241]],
    [4, -3158.5977001169476, 6627.620911306423, [44, 72, 116, 208]],
  ] as const)(
    'of %i components have the likelihood and BIC of scikit-learn on wholesale spend',
    async (k, likelihood, bic, sizes) => {
      const found = await fitFrom(wholesaleLogs(), k)
      expect(found.logLikelihood).toBeCloseTo(likelihood, 4)
      expect(found.bic).toBeCloseTo(bic, 4)
      expect(sizesOf(found)).toEqual(sizes)
    },
  )
})
