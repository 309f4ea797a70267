import type { Matrix } from '../../ports/kernel-pool.ts'
import { planRefinement } from '../../stages/cluster/kmeans/plan-refinement.ts'
import { confidences, outliers } from '../../stages/cluster/kmeans/place-by-centres.ts'
import { centreReasons } from '../../stages/cluster/centre-reasons.ts'
import { signReasons } from '../../stages/cluster/sign-reasons.ts'
import { dimensionFeatures } from '../../stages/features/dimension-features.ts'
import { flattenCentres } from '../../stages/cluster/kmeans/parameters.ts'
import { compileSample } from '../../stages/cluster/sql.ts'
import { allColumns, allDimensions } from '../../stages/features/transform.ts'
import { coordinatesOf, featureColumns } from '../coordinates.ts'
import { readCoordinates } from '../read-coordinates.ts'
import { fitKMeansModel } from './fit-kmeans.ts'
import type { ClusterMethod } from './method.ts'

/** k-means, Lloyd's way. */
export const kmeans: ClusterMethod<'kmeans'> = {
  async fit(input) {
    const { config, session, relation, customerCount, features, kernels, attempt } = input
    const kernel = kernels.hasFastKernel ? config.kernel : 'reference'
    const more = planRefinement(kernel, customerCount, config.sampleRows, allDimensions(features))
    const sample = await session.columns(compileSample(relation, allColumns(features), config.sampleRows))
    const readMore = (): Promise<Matrix> =>
      readCoordinates(session, relation, features, more, customerCount, attempt.progress)
    return fitKMeansModel(input, { kernel, sample, readMore: more > 0 ? readMore : undefined })
  },

  columns: ({ features }) => featureColumns(features),

  async place(table, { features, parameters, clusterCount, reasons }, { kernels, signal }) {
    const matrix = coordinatesOf(table, features)
    const centres = flattenCentres(parameters)
    const nearest = await kernels.place(matrix, centres, clusterCount, signal)
    const { labels, nextLabels } = nearest
    const { values, dimensions } = matrix
    const ofDimension = dimensionFeatures(features)
    const pulls = centreReasons(values, dimensions, ofDimension, reasons.length, centres, labels, nextLabels)
    return {
      cluster: labels,
      nextCluster: nextLabels,
      distance: nearest.distances,
      confidence: confidences(nearest),
      isOutlier: outliers(nearest, parameters.outlierDistance),
      layer: null,
      scores: [],
      also: [],
      reasons: signReasons(pulls, values, ofDimension),
      unseenLevels: matrix.unseen,
    }
  },
}
