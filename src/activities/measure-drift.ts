import type { ComputeSession } from '../ports/compute-engine.ts'
import { bucketRanges } from '../stages/cluster/bucket-ranges.ts'
import { compileBuckets, compilePlacing } from '../stages/cluster/sql.ts'
import { countFeatures, fittedCounts, type FeatureCounts } from '../stages/features/count-values.ts'
import { columnsOf } from '../stages/features/transform.ts'
import type { FeatureColumns } from '../stages/features/transform.ts'
import { driftOf } from '../stages/validate/comparison/compare-features.ts'
import type { DriftFigures } from '../stages/validate/decide-refit.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { sizesShift } from '../stages/validate/sizes-shift.ts'
import { ROWS_AT_A_TIME } from './coordinates.ts'
import type { PlaceTools } from './methods/method.ts'
import { methodOf } from './methods/methods.ts'

/**
 * Compares all customers with those a model was fitted on: their features, and where the model puts them.
 *
 * @param relation SQL that yields the features of all customers
 * @param model one that says what it was fitted on
 * @param growing columns of features that grow from run to run by themselves: that says nothing of the model
 */
export async function measureDrift(
  session: ComputeSession,
  { relation, customerCount }: { readonly relation: string; readonly customerCount: number },
  model: PublishedModel,
  tools: PlaceTools & { progress(done: number, total: number): void },
  growing: readonly string[],
): Promise<DriftFigures> {
  const { features } = model.features
  const before = features.map(fittedCounts)
  const fittedOn = model.fittedOn!
  const names = [...new Set(features.flatMap(columnsOf))]
  const method = methodOf(model.method)
  const columns = method.columns(model)
  const sizes = new Array<number>(model.clusterCount).fill(0)
  let now: FeatureCounts | undefined
  let [outliers, rows] = [0, 0]
  for (const { from, to } of bucketRanges(0, 1, customerCount, ROWS_AT_A_TIME)) {
    const read = await session.columns(compileBuckets(relation, names, from, to))
    now = countFeatures(features, read.columns as unknown as FeatureColumns, now)
    const table = await session.columns(compilePlacing(relation, columns, from, to))
    const placed = await method.place(table, model, tools)
    for (const cluster of placed.cluster) if (cluster >= 0) sizes[cluster]! += 1
    for (const isOutlier of placed.isOutlier) outliers += Number(isOutlier)
    rows += table.rowCount
    tools.progress(rows, customerCount)
  }
  const first = sizes.filter((_, cluster) => model.clusters[cluster]!.level === 0)
  const fitted = fittedOn.sizes.reduce((sum, size) => sum + size, 0)
  return {
    features: driftOf(
      before
        .flatMap((ofFeature, i) =>
          ofFeature!.map(({ name, customers }, j) => ({ name, before: customers, now: now![i]![j]! })),
        )
        .filter(({ name }) => !growing.includes(name)),
    ),
    segmentShift: sizesShift(fittedOn.sizes, first),
    outlierRise: outliers / customerCount - fittedOn.outliers / fitted,
  }
}
