import type { ComputeSession } from '../ports/compute-engine.ts'
import { countFeatures, fittedCounts, type FeatureCounts } from '../stages/features/count-values.ts'
import { columnsOf } from '../stages/features/transform.ts'
import type { FeatureColumns, FittedTransform } from '../stages/features/transform.ts'
import { compareFeatures, type BinnedFeature } from '../stages/validate/comparison/compare-features.ts'
import { compareKpi } from '../stages/validate/comparison/compare-kpi.ts'
import { comparePartitions, type ComparedPartitions } from '../stages/validate/comparison/compare-partitions.ts'
import type { ComparisonMeasure } from '../stages/validate/comparison/measures.ts'
import type { Measures, PublishedModel } from '../stages/validate/published-model.ts'
import { compileKpi, compileValues } from '../stages/validate/comparison/sql.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'

export interface MeasuredComparison extends ComparedPartitions {
  /** Null: nothing is live, or it is of another version. */
  readonly published: PublishedModel | null
  /** What each feature of the candidate measures. */
  readonly measures: Measures
  readonly customers: number
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
  return [
    ...partitions,
    ...compareFeatures(await binFeatures(session, compared)),
    ...(kpi === null ? [] : compareKpi(await readKpi(session, kpi, keys), keys)),
  ]
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
  { published, measures, customers, growing }: MeasuredComparison,
): Promise<readonly BinnedFeature[]> {
  const known = (published?.features.features ?? []).flatMap((feature) => {
    const before = fittedCounts(feature)
    return before !== null && measures[feature.name] === published!.measures[feature.name] ? [{ feature, before }] : []
  })
  if (known.length === 0) return []
  const now = await countNow(
    session,
    known.map(({ feature }) => feature),
    customers,
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
): Promise<FeatureCounts> {
  const names = [...new Set(features.flatMap(columnsOf))]
  let counts: FeatureCounts | undefined
  for (let start = 0; start < customers; start += ROWS_AT_A_TIME) {
    const { columns } = await session.columns(compileValues(names, start, start + ROWS_AT_A_TIME))
    counts = countFeatures(features, columns as unknown as FeatureColumns, counts)
  }
  return counts!
}
