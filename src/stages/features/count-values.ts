import { columnsOf } from './transform.ts'
import type { FeatureColumns, FittedCategory, FittedTransform } from './transform.ts'
import { addCounts, countInBins } from './value-bins.ts'

/** Customers of each bin of a column. */
export interface BinnedColumn {
  /** The feature, or a level of a composition: `categoryShares:Toys`. */
  readonly name: string
  readonly customers: readonly number[]
}

/** How the values of a feature lay when it was fitted, column by column; null for one that was fitted before that was kept. */
export function fittedCounts(feature: FittedTransform): readonly BinnedColumn[] | null {
  switch (feature.kind) {
    case 'number':
      return feature.bins ? [{ name: feature.name, customers: feature.bins.customers }] : null
    case 'composition':
      return feature.bins
        ? columnsOf(feature).map((name, level) => ({ name, customers: feature.bins![level]!.customers }))
        : null
    case 'category': {
      const { customers, levels, shares, withMissing } = feature
      if (customers === undefined) return null
      // A share is a whole number of customers, divided.
      const counts = shares.map((share) => Math.round(share * customers))
      return [
        {
          name: feature.name,
          customers: [...counts.slice(0, levels.length + 1), 0, withMissing ? counts[levels.length + 1]! : 0],
        },
      ]
    }
  }
}

/** Customers by feature, column and bin. */
export type FeatureCounts = readonly (readonly (readonly number[])[])[]

/** Counts more customers, of whom `columns` holds the values. @param before absent: nobody yet */
export function countFeatures(
  features: readonly FittedTransform[],
  columns: FeatureColumns,
  before?: FeatureCounts,
): FeatureCounts {
  const counts = features.map((feature) => countValues(feature, columns))
  return before?.map((ofFeature, i) => ofFeature.map((bins, j) => addCounts(bins, counts[i]![j]!))) ?? counts
}

/** The same of other customers. @param columns of the feature, as the engine reads them */
export function countValues(feature: FittedTransform, columns: FeatureColumns): readonly (readonly number[])[] {
  switch (feature.kind) {
    case 'number':
      return feature.bins ? [countInBins(columns[feature.name] as Float64Array, feature.bins)] : []
    case 'composition':
      return columnsOf(feature).map((name, level) => countInBins(columns[name] as Float64Array, feature.bins![level]!))
    case 'category':
      return [countLevels(feature, columns[feature.name] as readonly (string | null)[])]
  }
}

/** Customers of each level, of the pooled ones, of levels that were not there, and without any. */
function countLevels({ levels, pooled, knowsAllLevels }: FittedCategory, values: readonly (string | null)[]): number[] {
  const positions = new Map(levels.map((level, position) => [level, position]))
  for (const level of pooled) positions.set(level, levels.length)
  const counts = new Array<number>(levels.length + 3).fill(0)
  const unknown = knowsAllLevels ? levels.length + 1 : levels.length
  for (const value of values) counts[value === null ? levels.length + 2 : (positions.get(value) ?? unknown)]! += 1
  return counts
}
