import type { Matrix } from '../../ports/kernel-pool.ts'
import { partOf } from '../../stages/cluster/judged-rows.ts'
import { minimumOf } from '../../stages/cluster/hierarchy/config.ts'
import type { HierarchyConfig } from '../../stages/cluster/hierarchy/config.ts'
import { checkMinimum, checkSplit } from '../../stages/cluster/hierarchy/check-customers.ts'
import { levelCandidates, partitionsOf } from '../../stages/cluster/hierarchy/level-candidates.ts'
import { dissolveSmall, settleLevels } from '../../stages/cluster/hierarchy/settle-levels.ts'
import { outlierDistance } from '../../stages/cluster/kmeans/choose-fit.ts'
import { countDistinct, planCounts } from '../../stages/cluster/kmeans/plan-counts.ts'
import { planRefinement } from '../../stages/cluster/kmeans/plan-refinement.ts'
import { dimensionFeatures } from '../../stages/features/dimension-features.ts'
import { coordinatesOf, featureColumns } from '../coordinates.ts'
import { readCoordinates } from '../read-coordinates.ts'
import { growHierarchy } from './grow-hierarchy.ts'
import type { ClusterMethod, FitInput } from './method.ts'
import { placeByCentres } from './place-by-centres.ts'
import { readSample, takeLabels } from './read-sample.ts'

/** Segments in levels, each level within the one above. */
export const hierarchy: ClusterMethod<'hierarchy'> = {
  async fit(input) {
    const { config, customerCount, features, kernels, attempt } = input
    const minimums = config.levels.map((level) => minimumOf(level, customerCount))
    checkMinimum(customerCount, minimums.at(-1)!)
    const sample = await readSample(input)
    const { matrix } = sample
    planCounts(2, customerCount, countDistinct(2, matrix.values, matrix.dimensions))
    // In rows of the sample, which stand for all customers.
    const scale = matrix.rowCount / customerCount
    const plans = config.levels.map(({ count }, i) => ({ count, minimum: Math.max(1, minimums[i]! * scale) }))
    const { levels, centres } = await growHierarchy(input, matrix, plans)
    const all = await everybody(input, matrix)
    const labelsAt = async (kept: readonly number[], rows = all): Promise<Int32Array> => {
      const points = Float64Array.from(kept.flatMap((centre) => [...centres[centre]!]))
      return (await kernels.place(rows, points, kept.length, attempt.signal)).labels
    }
    const { kept, sizes } = await dissolveSmall(
      centres.length,
      minimums.at(-1)! * (all.rowCount / customerCount),
      async (tried) => countLabels(await labelsAt(tried), tried.length),
    )
    checkSplit(kept.length, customerCount, minimums.at(-1)!)
    const leaves = kept.map((centre, i) => ({
      centre: centres[centre]!,
      size: sizes[i]!,
      path: pathOf(levels, centre),
    }))
    const settled = settleLevels(
      leaves,
      minimums.map((minimum) => minimum * (all.rowCount / customerCount)),
    )
    const points = Float64Array.from(settled.centres.flat())
    const { labels, distances } = await kernels.place(matrix, points, settled.centres.length, attempt.signal)
    const partitions = partitionsOf(settled.clusters, takeLabels(labels, sample.judged))
    const silhouettes = await kernels.silhouettes(partOf(matrix, sample.judged), partitions, attempt.signal)
    const inertia = distances.reduce((sum, distance) => sum + distance ** 2, 0)
    const names = config.levels.map(({ name }) => name).reverse()
    return {
      formatVersion: 2,
      method: 'hierarchy',
      features,
      clusterCount: settled.clusters.length,
      clusters: settled.clusters,
      layers: ['cluster'],
      scores: [],
      also: names.slice(1).map((layer) => ({ layer })),
      reasons: features.features.map(({ name }) => name),
      fittedCustomers: all.rowCount,
      candidates: levelCandidates(settled, config.levels, {
        ...{ silhouettes, inertia, customerCount: all.rowCount },
      }),
      parameters: {
        method: 'hierarchy',
        algorithm: config.algorithm,
        levels: names,
        minimums: minimums.toReversed(),
        centres: settled.centres,
        seed: config.seed,
        inertia,
        silhouette: silhouettes[0]!,
        outlierDistance: outlierDistance(distances),
      },
    }
  },

  columns: ({ features }) => featureColumns(features),

  async place(table, { features, parameters, clusters, also, reasons }, tools) {
    const matrix = coordinatesOf(table, features)
    const centres = {
      points: Float64Array.from(parameters.centres.flat()),
      ofDimension: dimensionFeatures(features),
      featureCount: reasons.length,
      outlierDistance: parameters.outlierDistance,
    }
    const placed = await placeByCentres(matrix, centres, tools)
    const above: Int32Array[] = []
    for (let level = 0; level < also.length; level++)
      above.push(Int32Array.from(above.at(-1) ?? placed.cluster, (cluster) => clusters[cluster]!.parent!))
    return { ...placed, also: above, unseenLevels: matrix.unseen }
  },
}

/** Coordinates of all customers where they fit into memory: sizes are counted on them. */
async function everybody(input: FitInput<HierarchyConfig>, sample: Matrix): Promise<Matrix> {
  const { config, session, relation, features, customerCount, attempt } = input
  const rowCount = planRefinement('fast', customerCount, config.sampleRows, sample.dimensions)
  if (rowCount === 0) return sample
  return readCoordinates(session, relation, features, rowCount, customerCount, attempt.progress)
}

/** Groups of a centre, from the coarsest level to the finest. */
function pathOf(levels: readonly { readonly parents: readonly number[] }[], centre: number): readonly number[] {
  const path = [centre]
  for (let level = levels.length - 1; level > 0; level--) path.unshift(levels[level]!.parents[path[0]!]!)
  return path
}

function countLabels(labels: Int32Array, clusterCount: number): readonly number[] {
  const sizes = new Array<number>(clusterCount).fill(0)
  for (const label of labels) sizes[label]! += 1
  return sizes
}
