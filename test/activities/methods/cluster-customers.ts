import { makeClusterActivities } from '../../../src/activities/cluster.ts'
import { readDocument } from '../../../src/activities/read-document.ts'
import type { RunPlan } from '../../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../../src/run/artifact.ts'
import type { ClusterModel, MethodParameters } from '../../../src/stages/cluster/model.ts'
import type { CandidateBench, Customer } from '../candidate-bench.ts'

export interface Clustered<Parameters> {
  readonly ref: ArtifactRef
  readonly model: Omit<ClusterModel, 'parameters'> & { readonly parameters: Parameters }
  /** Of the candidate, in the order (bucket, customer_id). */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Runs the cluster stage on customers, as a workflow does. */
export async function clusterCustomers<Method extends MethodParameters['method']>(
  bench: CandidateBench,
  plan: RunPlan,
  customers: readonly Customer[],
  _method: Method,
  shardCount = 1,
): Promise<Clustered<Extract<MethodParameters, { readonly method: Method }>>> {
  const features = await bench.commitFeatures(plan, customers, shardCount)
  const activities = makeClusterActivities(bench.services)
  const fit = await bench.run(activities.fitClusters, plan, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(activities.placeShard, plan, features, shard, shardCount, fit)
  const { ref } = await bench.run(activities.clusterCustomers, plan, features, shardCount, fit)
  const store = bench.services.store(plan.definition)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  return {
    ref,
    model: await readDocument(store, ref.uri, files, 'model'),
    rows: await bench.rowsOf(ref, 'rows'),
  }
}
