import type { Matrix } from '../ports/kernel-pool.ts'
import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import { planRefinement } from '../stages/cluster/plan-refinement.ts'
import { compileSample } from '../stages/cluster/sql.ts'
import { allColumns, allDimensions } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Activities } from './activities.ts'
import { attempt } from './attempt.ts'
import { clusterArtifact } from './cluster-artifact.ts'
import { fitModel } from './fit-model.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { readCoordinates } from './read-coordinates.ts'
import { putDocument, readDocument } from './read-document.ts'

export function makeFitClustersActivity(services: Services): Pick<Activities, 'fitClusters'> {
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const store = services.store(plan.definition)
        const { files } = await readManifestOf(store, features)
        const transforms = orderByName(await readDocument<FittedTransforms>(store, features.uri, files, 'transforms'))
        const paths = await fetchShards(store, features, shardCount)
        const { cluster } = plan.definition.pipeline
        const names = allColumns(transforms)
        const { kernels } = services
        const kernel = kernels.hasFastKernel ? cluster.kernel : 'reference'
        const relation = readParquet(paths)
        const customerCount = features.rowCount
        const more = planRefinement(kernel, customerCount, cluster.sampleRows, allDimensions(transforms))
        const model = await withSession(services.engine, attempt, paths, async (session) => {
          const sample = await session.columns(compileSample(relation, names, cluster.sampleRows))
          const readMore = (): Promise<Matrix> =>
            readCoordinates(session, relation, transforms, more, customerCount, attempt.progress)
          const input = {
            kernel,
            sample,
            customerCount,
            features: transforms,
            readMore: more > 0 ? readMore : undefined,
          }
          return fitModel(kernels, cluster, input, attempt)
        })
        const document = await putDocument(artifact, attempt, 'model', model)
        attempt.reached('before-commit')
        await artifact.commitPart(shardCount, [document], { clusterCount: model.clusterCount })
        attempt.reached('after-commit')
      }),
  }
}

/** So that coordinates are added up in the same order however the pipeline lists its features. */
function orderByName({ features, dropped }: FittedTransforms): FittedTransforms {
  return { dropped, features: features.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
