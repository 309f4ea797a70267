import type { Calculations } from '../../ports/calculations.ts'
import type { Matrix } from '../../ports/kernel-pool.ts'
import { partOf } from '../../stages/cluster/judged-rows.ts'
import { countDistinct, planCounts } from '../../stages/cluster/kmeans/plan-counts.ts'
import { chooseMixture, numberComponents, outlierLogDensity } from '../../stages/cluster/mixture/choose-mixture.ts'
import type { FittedComponents } from '../../stages/cluster/mixture/choose-mixture.ts'
import type { MixtureConfig } from '../../stages/cluster/mixture/config.ts'
import { mixtureOf } from '../../stages/cluster/mixture/parameters.ts'
import { PLAIN_CLUSTER, publishedCount } from '../../stages/cluster/model.ts'
import { signReasons } from '../../stages/cluster/sign-reasons.ts'
import { dimensionFeatures } from '../../stages/features/dimension-features.ts'
import { coordinatesOf, featureColumns } from '../coordinates.ts'
import type { ClusterMethod, FitInput } from './method.ts'
import { readSample, takeLabels } from './read-sample.ts'

const K_MEANS_ITERATIONS = 300
const ITERATIONS = 500
/** Gain of the mean log-likelihood of a customer below which a fit has converged. */
const TOLERANCE = 1e-5

/** Gaussian mixture with diagonal covariances. */
export const mixture: ClusterMethod<'mixture'> = {
  async fit(input) {
    const { config, customerCount, features, kernels, attempt } = input
    const { matrix, judged } = await readSample(input)
    const distinctCount = countDistinct(config.count, matrix.values, matrix.dimensions)
    const counts = planCounts(config.count, customerCount, distinctCount)
    let fittedCounts = 0
    const fitted = await Promise.all(
      counts.map(async (count) => {
        const fit = await fitCount(input, matrix, count)
        attempt.progress((fittedCounts += 1), counts.length)
        return fit
      }),
    )
    const partitions = fitted.map(({ labels }, i) => ({ labels: takeLabels(labels, judged), clusterCount: counts[i]! }))
    const silhouettes = await kernels.silhouettes(partOf(matrix, judged), partitions, attempt.signal)
    const { fit, candidates } = chooseMixture(
      fitted.map((one, i) => ({ ...one, silhouette: silhouettes[i]! })),
      { previousCount: publishedCount(input.live, 'mixture'), ...config.preferPrevious },
    )
    const numbered = numberComponents(fit)
    const { logDensities } = await kernels.calculate(
      'placeInMixture',
      [placementRequest(numbered, matrix, dimensionFeatures(features))],
      attempt.signal,
    )
    return {
      formatVersion: 2,
      method: 'mixture',
      features,
      clusterCount: numbered.weights.length,
      clusters: numbered.weights.map(() => PLAIN_CLUSTER),
      layers: ['cluster'],
      scores: [{ name: 'membershipProbability', unit: 'probability' }],
      also: [],
      reasons: features.features.map(({ name }) => name),
      fittedCustomers: matrix.rowCount,
      candidates,
      parameters: { ...numbered, outlierLogDensity: outlierLogDensity(logDensities) },
    }
  },

  columns: ({ features }) => featureColumns(features),

  async place(table, { features, parameters }, { kernels, signal }) {
    const matrix = coordinatesOf(table, features)
    const ofDimension = dimensionFeatures(features)
    const request = placementRequest(parameters, matrix, ofDimension)
    const placed = await kernels.calculate('placeInMixture', [request], signal)
    return {
      cluster: placed.labels,
      nextCluster: placed.nextLabels,
      distance: placed.distances,
      confidence: placed.posteriors,
      isOutlier: Int32Array.from(placed.logDensities, (density) => (density < parameters.outlierLogDensity ? 1 : 0)),
      layer: null,
      scores: [placed.posteriors],
      also: [],
      reasons: signReasons(placed.leads, matrix.values, ofDimension),
      unseenLevels: matrix.unseen,
    }
  },
}

/** Several k-means, the mixture from there, and where that fails the best of them after all. */
async function fitCount(
  { config, kernels, attempt }: FitInput<MixtureConfig>,
  matrix: Matrix,
  componentCount: number,
): Promise<Omit<FittedComponents, 'silhouette'>> {
  const { values, dimensions } = matrix
  const { varianceFloor } = config
  const starts = await Promise.all(
    Array.from({ length: config.starts }, async (_, start) => {
      const seed = config.seed + start
      const request = { matrix, clusterCount: componentCount, seeds: [seed], maxIterations: K_MEANS_ITERATIONS }
      return { ...(await kernels.kmeans(request, attempt.signal)), seed }
    }),
  )
  const limits = { varianceFloor, tolerance: TOLERANCE, maxIterations: ITERATIONS }
  const fit = await kernels.calculate(
    'fitMixture',
    [{ values, dimensions, starts: starts.map(({ labels }) => labels), componentCount, ...limits }],
    attempt.signal,
  )
  const { inertia, seed } = starts[fit.start]!
  if (!fit.fault) return { ...fit, inertia, seed }
  const best = starts.reduce((lowest, start) => (start.inertia < lowest.inertia ? start : lowest))
  const { centres, labels, iterations, converged } = best
  const round = await kernels.calculate('sphericalMixture', [{ values, dimensions, centres, labels }], attempt.signal)
  return { ...round, iterations, converged, fault: fit.fault, inertia: best.inertia, seed: best.seed }
}

function placementRequest(
  parameters: Parameters<typeof mixtureOf>[0],
  { values }: Matrix,
  groupOfDimension: Int32Array,
): Parameters<Calculations['placeInMixture']>[0] {
  const groupCount = groupOfDimension.reduce((most, group) => Math.max(most, group), -1) + 1
  return { mixture: mixtureOf(parameters), values, groupOfDimension, groupCount }
}
