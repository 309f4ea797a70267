import type { Matrix } from '../../ports/kernel-pool.ts'
import { flattenCentres } from '../../stages/cluster/kmeans/parameters.ts'
import { planRefinement } from '../../stages/cluster/kmeans/plan-refinement.ts'
import { dimensionFeatures } from '../../stages/features/dimension-features.ts'
import { allDimensions } from '../../stages/features/transform.ts'
import { coordinatesOf, featureColumns } from '../coordinates.ts'
import { readCoordinates } from '../read-coordinates.ts'
import { fitKMeansModel } from './fit-kmeans.ts'
import type { ClusterMethod } from './method.ts'
import { placeByCentres } from './place-by-centres.ts'
import { readSample } from './read-sample.ts'

/** k-means, Lloyd's way. */
export const kmeans: ClusterMethod<'kmeans'> = {
  async fit(input) {
    const { config, session, relation, customerCount, features, kernels, attempt } = input
    const kernel = kernels.hasFastKernel ? config.kernel : 'reference'
    const more = planRefinement(kernel, customerCount, config.sampleRows, allDimensions(features))
    const sample = await readSample(input)
    const readMore = (): Promise<Matrix> =>
      readCoordinates(session, relation, features, more, customerCount, attempt.progress)
    return fitKMeansModel(input, { kernel, sample, readMore: more > 0 ? readMore : undefined })
  },

  columns: ({ features }) => featureColumns(features),

  async place(table, { features, parameters, reasons }, tools) {
    const matrix = coordinatesOf(table, features)
    const centres = {
      points: flattenCentres(parameters),
      ofDimension: dimensionFeatures(features),
      featureCount: reasons.length,
      outlierDistance: parameters.outlierDistance,
    }
    return { ...(await placeByCentres(matrix, centres, tools)), unseenLevels: matrix.unseen }
  },
}
