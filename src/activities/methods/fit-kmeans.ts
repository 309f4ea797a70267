import type { KernelPool, Matrix } from '../../ports/kernel-pool.ts'
import { checkCoordinates } from '../../stages/cluster/check-coordinates.ts'
import { chooseFit, outlierDistance } from '../../stages/cluster/kmeans/choose-fit.ts'
import type { FittedCount } from '../../stages/cluster/kmeans/choose-fit.ts'
import type { KMeansConfig } from '../../stages/cluster/kmeans/config.ts'
import { numberClusters } from '../../stages/cluster/kmeans/number-clusters.ts'
import type { NumberedClusters } from '../../stages/cluster/kmeans/number-clusters.ts'
import { countDistinct, planCounts } from '../../stages/cluster/kmeans/plan-counts.ts'
import { PLAIN_CLUSTER } from '../../stages/cluster/model.ts'
import { LEAST_ROWS, refuseToCluster } from '../../stages/cluster/refuse-to-cluster.ts'
import { partOf } from '../../stages/cluster/judged-rows.ts'
import { dimensionNames } from '../../stages/features/transform.ts'
import type { FittedTransforms } from '../../stages/features/transform.ts'
import { fitCounts, MAX_ITERATIONS } from './fit-counts.ts'
import { judgeCounts } from './judge-counts.ts'
import type { FitInput, ModelOf } from './method.ts'
import type { Sample } from './read-sample.ts'

export interface KMeansSample {
  readonly kernel: KMeansConfig['kernel']
  readonly sample: Sample
  /** Coordinates to refine the chosen fit on; undefined when the sample is all there is to fit on. */
  readonly readMore: (() => Promise<Matrix>) | undefined
}

/**
 * Fits every count of the plan on the sample, keeps the best, and refines it on more customers where there are more.
 *
 * @throws TooFewCustomers, ConstantFeatures, CoordinatesNotFinite, NotClusterable
 */
export async function fitKMeansModel(
  input: FitInput<KMeansConfig>,
  { kernel, sample, readMore }: KMeansSample,
): Promise<ModelOf<'kmeans'>> {
  const { config, customerCount, features, live, kernels, attempt } = input
  const { table, matrix, judged } = sample
  const distinctCount = countDistinct(config.count, matrix.values, matrix.dimensions)
  const counts = planCounts(config.count, customerCount, distinctCount)
  const part = partOf(matrix, judged)
  const [clusterability, fits] = await Promise.all([
    kernels.calculate('measureClusterability', [part.values, part.dimensions, config.seed, LEAST_ROWS], attempt.signal),
    fitCounts(input, matrix, table, counts, kernel),
  ])
  refuseToCluster({ ...clusterability, customers: customerCount, historyDays: input.historyDays }, config.refuse)
  const { fit, candidates } = chooseFit(await judgeCounts(input, matrix, judged, fits), {
    minimumShare: config.minimumShare,
    previousCount: live?.clusters.filter(({ level }) => level === 0).length ?? null,
    margin: config.preferPrevious.margin,
  })
  const more = await readMore?.()
  const { centres, origins } = more ? await refine(kernels, more, fit, features, attempt) : ownNumbers(fit)
  const { distances } = await kernels.place(matrix, Float64Array.from(centres.flat()), centres.length, attempt.signal)
  return {
    formatVersion: 2,
    method: 'kmeans',
    features,
    clusterCount: centres.length,
    clusters: centres.map(() => PLAIN_CLUSTER),
    layers: ['cluster'],
    scores: [],
    also: [],
    reasons: features.features.map(({ name }) => name),
    fittedCustomers: more?.rowCount ?? matrix.rowCount,
    candidates,
    evidence: {
      clusterability,
      jaccards: origins.map((origin) => fit.jaccards[origin]!),
      predictionStrength: fit.predictionStrength,
    },
    parameters: {
      method: 'kmeans',
      kernel,
      centres,
      seed: fit.seed,
      inertia: distances.reduce((sum, distance) => sum + distance ** 2, 0),
      silhouette: fit.silhouette,
      outlierDistance: outlierDistance(distances),
    },
  }
}

type Renumbered = Pick<NumberedClusters, 'centres' | 'origins'>

/** @returns the centres of the fit, moved to where all customers put them */
async function refine(
  kernels: KernelPool,
  matrix: Matrix,
  fit: FittedCount,
  features: FittedTransforms,
  attempt: { readonly signal: AbortSignal },
): Promise<Renumbered> {
  checkCoordinates(matrix.values, dimensionNames(features))
  const centres = Float64Array.from(fit.centres.flat())
  const request = { matrix, clusterCount: fit.centres.length, seeds: [], centres, maxIterations: MAX_ITERATIONS }
  return numberClusters(await kernels.kmeans(request, attempt.signal), matrix.dimensions)
}

function ownNumbers({ centres }: FittedCount): Renumbered {
  return { centres, origins: [...centres.keys()] }
}
