import type { ArtifactFile, ArtifactRef } from '../run/artifact.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import { CLUSTER_VERSION } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { readDocument } from './read-document.ts'
import { StageArtifact } from './stage-artifact.ts'

/** The artifact that fitting, placing and adding up make together. */
export function clusterArtifact(
  services: Services,
  plan: RunPlan,
  features: ArtifactRef,
  shardCount: number,
): StageArtifact {
  return new StageArtifact(services.store(plan.definition), plan, {
    stage: 'cluster',
    stageVersion: CLUSTER_VERSION,
    config: plan.kind === 'score' ? { kind: plan.kind } : plan.definition.pipeline.cluster,
    reads: [features.contentDigest, ...(plan.live ? [plan.live.modelDigest] : [])],
    shardCount,
  })
}

/** @throws ArtifactMissing when `fitClusters` has not committed */
export async function readModel(
  store: ArtifactStore,
  artifact: StageArtifact,
  shardCount: number,
): Promise<{ file: ArtifactFile; model: ClusterModel }> {
  const files = (await artifact.existingPart(shardCount))?.files ?? []
  const model = await readDocument<ClusterModel>(store, artifact.uri, files, 'model')
  return { file: files[0]!, model }
}
