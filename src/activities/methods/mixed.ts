import type { Matrix } from '../../ports/kernel-pool.ts'
import { partOf } from '../../stages/cluster/judged-rows.ts'
import { outlierDistance } from '../../stages/cluster/kmeans/choose-fit.ts'
import { numberClusters } from '../../stages/cluster/kmeans/number-clusters.ts'
import { countDistinct, planCounts } from '../../stages/cluster/kmeans/plan-counts.ts'
import { choosePrototypes } from '../../stages/cluster/mixed/choose-prototypes.ts'
import {
  defaultGamma,
  mixedCoordinates,
  mixedRows,
  mixedSpace,
  prototypePoints,
} from '../../stages/cluster/mixed/mixed-space.ts'
import type { MixedSpace } from '../../stages/cluster/mixed/mixed-space.ts'
import { PLAIN_CLUSTER, publishedCount } from '../../stages/cluster/model.ts'
import { dimensionFeatures } from '../../stages/features/dimension-features.ts'
import { coordinatesOf, featureColumns } from '../coordinates.ts'
import type { ClusterMethod } from './method.ts'
import { placeByCentres } from './place-by-centres.ts'
import { readSample, takeLabels } from './read-sample.ts'

const MAX_ITERATIONS = 300

/** k-prototypes: numbers and categories together. */
export const mixed: ClusterMethod<'mixed'> = {
  async fit(input) {
    const { config, customerCount, features, kernels, attempt } = input
    const { matrix: plain, judged } = await readSample(input)
    const ofDimension = dimensionFeatures(features)
    const gamma = config.gamma ?? defaultGamma(features, ofDimension, plain.values)
    const space = mixedSpace(features, ofDimension, gamma)
    const matrix = inSpace(plain, space)
    const distinctCount = countDistinct(config.count, matrix.values, matrix.dimensions)
    const counts = planCounts(config.count, customerCount, distinctCount)
    const rows = mixedRows(plain.values, space)
    const seeds = Array.from({ length: config.starts }, (_, start) => config.seed + start)
    let fittedCounts = 0
    const raw = await Promise.all(
      counts.map(async (clusterCount) => {
        const fits = await Promise.all(
          seeds.map(async (seed) => {
            const request = { rows, clusterCount, seed, maxIterations: MAX_ITERATIONS }
            return { seed, ...(await kernels.calculate('fitKPrototypes', [request], attempt.signal)) }
          }),
        )
        attempt.progress((fittedCounts += 1), counts.length)
        return fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best))
      }),
    )
    const partitions = raw.map(({ labels }, i) => ({ labels: takeLabels(labels, judged), clusterCount: counts[i]! }))
    const silhouettes = await kernels.silhouettes(partOf(matrix, judged), partitions, attempt.signal)
    const fits = raw.map(({ prototypes, labels, cost, seed }, i) => ({
      ...numberClusters({ centres: prototypePoints(prototypes, space), labels }, space.dimensions),
      silhouette: silhouettes[i]!,
      cost,
      seed,
    }))
    const { fit, candidates } = choosePrototypes(fits, {
      minimumShare: config.minimumShare,
      previousCount: publishedCount(input.live, 'mixed'),
      margin: config.preferPrevious.margin,
    })
    const points = Float64Array.from(fit.centres.flat())
    const { distances } = await kernels.place(matrix, points, fit.centres.length, attempt.signal)
    return {
      formatVersion: 2,
      method: 'mixed',
      features,
      clusterCount: fit.centres.length,
      clusters: fit.centres.map(() => PLAIN_CLUSTER),
      layers: ['cluster'],
      scores: [],
      also: [],
      reasons: features.features.map(({ name }) => name),
      fittedCustomers: matrix.rowCount,
      candidates,
      parameters: {
        method: 'mixed',
        gamma,
        prototypes: fit.centres,
        seed: fit.seed,
        cost: fit.cost,
        silhouette: fit.silhouette,
        outlierDistance: outlierDistance(distances),
      },
    }
  },

  columns: ({ features }) => featureColumns(features),

  async place(table, { features, parameters, reasons }, tools) {
    const plain = coordinatesOf(table, features)
    const ofDimension = dimensionFeatures(features)
    const matrix = inSpace(plain, mixedSpace(features, ofDimension, parameters.gamma))
    const centres = {
      points: Float64Array.from(parameters.prototypes.flat()),
      ofDimension,
      featureCount: reasons.length,
      outlierDistance: parameters.outlierDistance,
    }
    return { ...(await placeByCentres(matrix, centres, tools)), unseenLevels: plain.unseen }
  },
}

function inSpace({ rowCount, dimensions, values }: Matrix, space: MixedSpace): Matrix {
  return { rowCount, dimensions, values: mixedCoordinates(values, space) }
}
