import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { DescribedFeature } from '../stages/validate/describe-segments.ts'
import { profileFeature } from '../stages/validate/profile-feature.ts'
import { compileFeature } from '../stages/validate/sql.ts'

/** One feature at a time, so that memory holds one column of all customers. */
export async function profileFeatures(
  session: ComputeSession,
  plan: RunPlan,
  model: ClusterModel,
): Promise<readonly DescribedFeature[]> {
  const { pipeline, sources } = plan.definition
  const currency = sources[pipeline.extract.transactions]?.currency
  const described: DescribedFeature[] = []
  for (const { name, unit } of model.features.features) {
    const { columns } = await session.columns(compileFeature(name))
    const [values, clusters] = [columns.feature as Float64Array, columns.cluster as Int32Array]
    const profiles = profileFeature(values, clusters, model.clusterCount)
    described.push({ feature: name, unit: unit === 'money' ? (currency ?? unit) : unit, profiles })
  }
  return described
}
