import type { ComputeSession } from '../ports/compute-engine.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { countFeatures, fittedCounts, type FeatureCounts } from '../stages/features/count-values.ts'
import { columnsOf } from '../stages/features/transform.ts'
import type { FeatureColumns, FittedTransform } from '../stages/features/transform.ts'
import { compareFeatures, type BinnedFeature } from '../stages/validate/comparison/compare-features.ts'
import { compareKpi } from '../stages/validate/comparison/compare-kpi.ts'
import { comparePartitions, type ComparedPartitions } from '../stages/validate/comparison/compare-partitions.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import type { Measures, PublishedModel } from '../stages/validate/published-model.ts'
import { compileKpi, compileValues } from '../stages/validate/comparison/sql.ts'
import { measureDistances, measureMargins, measureSpread } from './measure-distances.ts'
import type { ValueFiles } from './measure-distances.ts'
import { measuresMargins } from '../run/margins.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import type { LiveSide } from './live-side.ts'

export interface MeasuredComparison extends ComparedPartitions {
  /** Null: nothing is live, or it is of another version. */
  readonly published: PublishedModel | null
  readonly live: LiveSide
  /** What each feature of the candidate measures. */
  readonly measures: Measures
  readonly customers: number
  /** Null: how the candidate was made is not asked. */
  readonly model: ClusterModel | null
  /** What its live counterpart placed is compared with no fit. */
  readonly isKept: boolean
  /** Null: nobody has all values. */
  readonly values: Pick<ValueFiles, 'before' | 'now'> | null
  /** Columns of features that grow from run to run by themselves. */
  readonly growing: readonly string[]
  /** Column of the candidate's features that people look at in money; null: there is none. */
  readonly kpi: string | null
}

/** Everything the comparison with what is live measures, of tables `population` and `resolved`. Empty on a first run. */
export async function measureComparison(
  session: ComputeSession,
  compared: MeasuredComparison,
): Promise<readonly ComparisonMeasure[]> {
  const partitions = comparePartitions(compared)
  if (partitions.length === 0) return []
  const { kpi, matches, overlap } = compared
  const keys = [...new Set([...matches.map(({ segmentKey }) => segmentKey), ...Object.keys(overlap.published)])]
  const { live, isKept, model, customers } = compared
  const binned = await binFeatures(session, compared)
  return [
    ...partitions,
    ...compareFeatures(binned, await allValues(session, compared, binned)),
    ...(isKept || !model ? [] : await measureSpread(session, live, { clusterCount: model.clusterCount, customers })),
    ...(model && measuresMargins(model) ? await measureMargins(session) : []),
    ...(kpi === null ? [] : compareKpi(await readKpi(session, kpi, keys), keys)),
  ]
}

async function allValues(
  session: ComputeSession,
  { values, customers, model, published }: MeasuredComparison,
  binned: readonly BinnedFeature[],
): Promise<ReadonlyMap<string, number | null>> {
  if (!values) return new Map()
  const ordered = binned.filter(({ isOrdered }) => isOrdered).map(({ name }) => name)
  const larger = Math.max(customers, model?.fittedCustomers ?? 0, published?.fittedCustomers ?? 0)
  return measureDistances(session, { ...values, customers: larger }, ordered)
}

async function readKpi(session: ComputeSession, kpi: string, keys: readonly string[]) {
  const { columns } = await session.columns(compileKpi(kpi, keys))
  return {
    values: columns.kpi as Float64Array,
    segments: columns.segment as Int32Array,
    previous: columns.previous as Int32Array,
  }
}

/** Features that measure what those of the live model measured, in its bins. */
async function binFeatures(
  session: ComputeSession,
  { published, live, measures, customers, growing }: MeasuredComparison,
): Promise<readonly BinnedFeature[]> {
  const known = (published?.features.features ?? []).flatMap((feature) => {
    const before = fittedCounts(feature)
    const isBuilt = live.relation === 'live_population' || measures[feature.name] === published!.measures[feature.name]
    return before !== null && isBuilt ? [{ feature, before }] : []
  })
  if (known.length === 0) return []
  const now = await countNow(
    session,
    known.map(({ feature }) => feature),
    customers,
    live.relation,
  )
  return known.flatMap(({ feature, before }, i) =>
    before.map(({ name, customers: counts }, column) => ({
      name,
      before: counts,
      now: now[i]![column]!,
      isOrdered: feature.kind !== 'category',
      grows: growing.includes(feature.name),
    })),
  )
}

async function countNow(
  session: ComputeSession,
  features: readonly FittedTransform[],
  customers: number,
  relation: LiveSide['relation'],
): Promise<FeatureCounts> {
  const names = [...new Set(features.flatMap(columnsOf))]
  let counts: FeatureCounts | undefined
  for (let start = 0; start < customers; start += ROWS_AT_A_TIME) {
    const { columns } = await session.columns(compileValues(names, start, start + ROWS_AT_A_TIME, relation))
    counts = countFeatures(features, columns as unknown as FeatureColumns, counts)
  }
  return counts!
}
