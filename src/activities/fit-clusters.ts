import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { Services } from '../ports/services.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { RefitDecision } from '../stages/validate/decide-refit.ts'
import type { Activities, FitOutput } from './activities.ts'
import { attempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { chooseModel } from './choose-model.ts'
import type { AllCustomers } from './choose-model.ts'
import { clusterArtifact } from './cluster-artifact.ts'
import { fetchShards, readManifestOf, withSession } from './read-artifact.ts'
import { putDocument, readDocument } from './read-document.ts'

/** Commits the model that customers are placed with: fitted, or the one that is live. */
export function makeFitClustersActivity(services: Services): Pick<Activities, 'fitClusters'> {
  return {
    fitClusters: (plan, features, shardCount) =>
      attempt(services, plan.definition, async (attempt) => {
        const kernel = services.kernels.hasFastKernel ? 'fast' : 'reference'
        const artifact = clusterArtifact(services, plan, features, shardCount, kernel)
        const existing = await artifact.existingPart(shardCount)
        if (existing) return outputOf(existing, kernel)
        const { model, refit } = await chooseModel(services, plan, attempt, (body) =>
          withCustomers(services, plan, features, shardCount, attempt, body),
        )
        const files = [await putDocument(artifact, attempt, 'model', model)]
        if (refit) files.push(await putDocument(artifact, attempt, 'refit', refit))
        const summary = { clusterCount: model.clusterCount, refit: refit && summarize(refit) }
        attempt.reached('before-commit')
        const committed = await artifact.commitPart(shardCount, files, summary)
        attempt.reached('after-commit')
        return outputOf(committed, kernel)
      }),
  }
}

function summarize({ isRefit, ground, text }: RefitDecision): FitOutput['refit'] {
  return { isRefit, ground, text }
}

function outputOf({ summary }: Manifest, kernel: FitOutput['kernel']): FitOutput {
  return { kernel, refit: (summary.refit ?? null) as FitOutput['refit'] }
}

async function withCustomers<T>(
  services: Services,
  plan: RunPlan,
  features: ArtifactRef,
  shardCount: number,
  attempt: Attempt,
  body: (customers: AllCustomers) => Promise<T>,
): Promise<T> {
  const store = services.store(plan.definition)
  const { files, summary } = await readManifestOf(store, features)
  const transforms = orderByName(await readDocument<FittedTransforms>(store, features.uri, files, 'transforms'))
  const paths = await fetchShards(store, features, shardCount)
  return withSession(services.engine, attempt, paths, (session) =>
    body({
      session,
      relation: readParquet(paths),
      customerCount: features.rowCount,
      historyDays: (summary.historyDays ?? null) as number | null,
      features: transforms,
    }),
  )
}

/** So that coordinates are added up in the same order however the pipeline lists its features. */
function orderByName(fitted: FittedTransforms): FittedTransforms {
  return { ...fitted, features: fitted.features.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
