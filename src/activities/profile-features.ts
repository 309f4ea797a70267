import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { sourcesByRole } from '../stages/extract/config.ts'
import { peerColumns } from '../stages/features/catalogue/entry.ts'
import { gapToPeers } from '../stages/features/peer-gap.ts'
import type { PeerBenchmarks } from '../stages/features/peer-gap.ts'
import { columnsOf } from '../stages/features/transform.ts'
import type { FittedTransform } from '../stages/features/transform.ts'
import type { DescribedFeature } from '../stages/validate/describe-segments.ts'
import { profileFeature, profileLevels } from '../stages/validate/profile-feature.ts'
import { compileFeature, compileLevels, compileTexts, readLevelCount } from '../stages/validate/sql.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'

/** One feature at a time, so that memory holds one column of all customers. */
export async function profileFeatures(
  session: ComputeSession,
  plan: RunPlan,
  model: ClusterModel,
): Promise<readonly DescribedFeature[]> {
  const described: DescribedFeature[] = []
  for (const feature of model.features.features) {
    const unit = unitOf(plan, feature)
    if (feature.kind === 'category') {
      const counts = (await session.rows(compileLevels(feature))).map(readLevelCount)
      described.push(...profileLevels(feature, counts, model.clusterCount))
      continue
    }
    if (feature.kind === 'number' && feature.peers) {
      const { columns } = await session.columns(compileFeature(peerColumns(feature.name).spend))
      const [spend, clusters] = [columns.feature as Float64Array, columns.cluster as Int32Array]
      const gaps = await readGaps(session, feature.name, spend, feature.peers)
      described.push({ feature: feature.name, unit, profiles: profileFeature(gaps, clusters, model.clusterCount) })
      continue
    }
    for (const column of columnsOf(feature)) {
      const { columns } = await session.columns(compileFeature(column))
      const [values, clusters] = [columns.feature as Float64Array, columns.cluster as Int32Array]
      described.push({ feature: column, unit, profiles: profileFeature(values, clusters, model.clusterCount) })
    }
  }
  return described
}

/** What a feature is measured in: money in its currency, where one is known. */
export function unitOf(plan: RunPlan, { unit }: FittedTransform): string {
  return unit === 'money' ? (currencyOf(plan) ?? 'money') : unit
}

/** Texts are in memory a piece at a time. */
async function readGaps(
  session: ComputeSession,
  name: string,
  spend: Float64Array,
  peers: PeerBenchmarks,
): Promise<Float64Array> {
  const gaps = new Float64Array(spend.length)
  for (let from = 0; from < spend.length; from += ROWS_AT_A_TIME) {
    const query = compileTexts(peerColumns(name).category, from, from + ROWS_AT_A_TIME)
    const categories = (await session.columns(query)).columns.text as readonly (string | null)[]
    gaps.set(gapToPeers(spend.subarray(from, from + ROWS_AT_A_TIME), categories, peers), from)
  }
  return gaps
}

/** Of the money in features: what it was converted into, else the one of the sources; null when nothing says. */
export function currencyOf({ definition }: RunPlan): string | null {
  const { extract } = definition.pipeline
  if (extract.currency !== undefined) return extract.currency
  const named = sourcesByRole(extract).flatMap(([, names]) => names)
  return named.map((name) => definition.sources[name]?.currency).find((currency) => currency !== undefined) ?? null
}
