import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { sourcesByRole } from '../stages/extract/config.ts'
import { columnsOf } from '../stages/features/transform.ts'
import type { FittedTransform } from '../stages/features/transform.ts'
import type { DescribedFeature } from '../stages/validate/describe-segments.ts'
import { profileFeature, profileLevels } from '../stages/validate/profile-feature.ts'
import { compileFeature, compileLevels, readLevelCount } from '../stages/validate/sql.ts'

/** Clusters of upper levels are described by the customers they hold through further memberships. */
export async function profileFeatures(
  session: ComputeSession,
  plan: RunPlan,
  model: ClusterModel,
): Promise<readonly DescribedFeature[]> {
  const { clusterCount, clusters, also } = model
  let described = await profileBy(session, plan, model, 'cluster', clusterCount)
  if (clusters.every(({ level }) => level === 0)) return described
  for (const number of also.keys()) {
    // Customers without this membership are counted as one more cluster, so that the rest is the rest.
    const membership = `coalesce(also_${number + 1}, ${clusterCount})`
    const upper = await profileBy(session, plan, model, membership, clusterCount + 1)
    described = described.map((feature, i) => ({
      ...feature,
      profiles: feature.profiles.map((profile, cluster) => {
        const other = upper[i]!.profiles[cluster]!
        return clusters[cluster]!.level > 0 && other.mean !== null ? other : profile
      }),
    }))
  }
  return described
}

/**
 * One feature at a time, so that memory holds one column of all customers.
 *
 * @param membership SQL of the number of a customer's cluster, 0 to clusterCount − 1
 */
async function profileBy(
  session: ComputeSession,
  plan: RunPlan,
  { features }: ClusterModel,
  membership: string,
  clusterCount: number,
): Promise<readonly DescribedFeature[]> {
  const described: DescribedFeature[] = []
  const read = async (column: string) => {
    const { columns } = await session.columns(compileFeature(column, membership))
    return { values: columns.feature as Float64Array, clusters: columns.cluster as Int32Array }
  }
  for (const feature of features.features) {
    const unit = unitOf(plan, feature)
    if (feature.kind === 'category') {
      const counts = (await session.rows(compileLevels(feature, membership))).map(readLevelCount)
      described.push(...profileLevels(feature, counts, clusterCount))
      continue
    }
    for (const column of columnsOf(feature)) {
      const { values, clusters } = await read(column)
      described.push({ feature: column, unit, profiles: profileFeature(values, clusters, clusterCount) })
    }
  }
  return described
}

/** What a feature is measured in: money in its currency, where one is known. */
export function unitOf(plan: RunPlan, { unit }: FittedTransform): string {
  return unit === 'money' ? (currencyOf(plan) ?? 'money') : unit
}

/** Of the money in features: what it was converted into, else the one of the sources; null when nothing says. */
export function currencyOf({ definition }: RunPlan): string | null {
  const { extract } = definition.pipeline
  if (extract.currency !== undefined) return extract.currency
  const named = sourcesByRole(extract).flatMap(([, names]) => names)
  return named.map((name) => definition.sources[name]?.currency).find((currency) => currency !== undefined) ?? null
}
