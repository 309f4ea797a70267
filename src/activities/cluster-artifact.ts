import type { ArtifactFile, ArtifactRef } from '../run/artifact.ts'
import { fitSettingsOf } from '../plan/fit-settings.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import { CLUSTER_VERSION } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { FitOutput } from './activities.ts'
import { readDocument } from './read-document.ts'
import { refitPolicyOf } from './scoring-model.ts'
import { StageArtifact } from './stage-artifact.ts'

/** The artifact that fitting, placing and adding up make together. A worker without SIMD fits other clusters, and so elsewhere. */
export function clusterArtifact(
  services: Services,
  plan: RunPlan,
  features: ArtifactRef,
  shardCount: number,
  kernel: FitOutput['kernel'],
): StageArtifact {
  const { cluster } = plan.definition.pipeline
  return new StageArtifact(services.store(plan.definition), plan, {
    stage: 'cluster',
    stageVersion: CLUSTER_VERSION,
    config:
      plan.kind === 'score'
        ? { kind: plan.kind }
        : { cluster, kernel, policy: refitPolicyOf(plan), settings: fitSettingsOf(plan.definition.pipeline) },
    reads: [features.contentDigest, ...(plan.live ? [plan.live.modelDigest] : [])],
    shardCount,
  })
}

/** @throws ArtifactMissing when `fitClusters` has not committed */
export async function readModel(
  store: ArtifactStore,
  artifact: StageArtifact,
  shardCount: number,
): Promise<{ files: readonly ArtifactFile[]; model: ClusterModel }> {
  const files = (await artifact.existingPart(shardCount))?.files ?? []
  const model = await readDocument<ClusterModel>(store, artifact.uri, files, 'model')
  return { files, model }
}
