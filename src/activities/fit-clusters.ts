import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import { asClusterModel } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import { withoutPublication } from '../stages/validate/scoring-model.ts'
import type { Activities } from './activities.ts'
import { attempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { clusterArtifact } from './cluster-artifact.ts'
import { fitOrFallBack } from './methods/fit-or-fall-back.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'
import { scoringModelOf } from './scoring-model.ts'

/** Commits the model that customers are placed with: fitted, or in a score run the one that is live. */
export function makeFitClustersActivity(services: Services): Pick<Activities, 'fitClusters'> {
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const artifact = clusterArtifact(services, plan, features, shardCount)
        if (await artifact.existingPart(shardCount)) return
        const live = await scoringModelOf(services, plan)
        const model = live ? withoutPublication(live) : await fit(services, plan, features, shardCount, attempt)
        const document = await putDocument(artifact, attempt, 'model', model)
        attempt.reached('before-commit')
        await artifact.commitPart(shardCount, [document], { clusterCount: model.clusterCount })
        attempt.reached('after-commit')
      }),
  }
}

async function fit(
  services: Services,
  plan: RunPlan,
  features: ArtifactRef,
  shardCount: number,
  attempt: Attempt,
): Promise<ClusterModel> {
  const store = services.store(plan.definition)
  const { files, summary } = await readManifestOf(store, features)
  const transforms = orderByName(await readDocument<FittedTransforms>(store, features.uri, files, 'transforms'))
  const paths = await fetchShards(store, features, shardCount)
  const { cluster } = plan.definition.pipeline
  const live = plan.live && (await services.ledger(plan.definition).publishedModel(plan.live.publicationId))
  return withSession(services.engine, attempt, paths, (session) =>
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
}

/** So that coordinates are added up in the same order however the pipeline lists its features. */
function orderByName(fitted: FittedTransforms): FittedTransforms {
  return { ...fitted, features: fitted.features.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
