import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import { asClusterModel } from '../stages/cluster/model.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Activities } from './activities.ts'
import { attempt } from './attempt.ts'
import { clusterArtifact } from './cluster-artifact.ts'
import { fitOrFallBack } from './methods/fit-or-fall-back.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'

export function makeFitClustersActivity(services: Services): Pick<Activities, 'fitClusters'> {
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const store = services.store(plan.definition)
        const { files, summary } = await readManifestOf(store, features)
        const transforms = orderByName(await readDocument<FittedTransforms>(store, features.uri, files, 'transforms'))
        const paths = await fetchShards(store, features, shardCount)
        const { cluster } = plan.definition.pipeline
        const live = plan.live && (await services.ledger(plan.definition).publishedModel(plan.live.publicationId))
        const model = await withSession(services.engine, attempt, paths, (session) =>
          fitOrFallBack(cluster, {
            plan,
            session,
            relation: readParquet(paths),
            customerCount: features.rowCount,
            historyDays: (summary.historyDays ?? null) as number | null,
            features: transforms,
            live: live ? asClusterModel(live) : null,
            kernels: services.kernels,
            attempt,
          }),
        )
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
