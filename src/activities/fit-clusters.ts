import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import { compileSample } from '../stages/cluster/sql.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Activities } from './activities.ts'
import { attempt } from './attempt.ts'
import { clusterArtifact } from './cluster-artifact.ts'
import { fitModel } from './fit-model.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'

export function makeFitClustersActivity(services: Services): Pick<Activities, 'fitClusters'> {
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const store = services.store(plan.definition)
        const { files } = await readManifestOf(store, features)
        const transforms = await readDocument<FittedTransforms>(store, features.uri, files, 'transforms')
        const paths = await fetchShards(store, features, shardCount)
        const { cluster } = plan.definition.pipeline
        const names = transforms.features.map(({ name }) => name)
        const sample = await withSession(services.engine, attempt, paths, (session) =>
          session.columns(compileSample(readParquet(paths), names, cluster.sampleRows)),
        )
        const model = await fitModel(services.kernels, cluster, sample, features.rowCount, transforms, attempt)
        const document = await putDocument(artifact, attempt, 'model', model)
        attempt.reached('before-commit')
        await artifact.commitPart(shardCount, [document], { clusterCount: model.clusterCount })
        attempt.reached('after-commit')
      }),
  }
}
