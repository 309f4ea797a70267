import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { Publication, ShownFeatures } from '../../ports/destination.ts'
import type { BinaryColumn } from './copy-binary.ts'

type Element = Exclude<BinaryColumn, { readonly type: 'array' }>

/** The names of what `featureColumns` has, in its order. */
export function featureNames({ features }: Publication): string[] {
  return features?.columns.map(({ name }) => name) ?? []
}

/** What `joinValues` adds to the rows, as more of a select's list. */
export function selectFeatures(features: ShownFeatures | undefined): string {
  return features?.columns.map((_, index) => `, feature_${index + 1}`).join('') ?? ''
}

/** Columns feature_values and feature_texts of the table: an element a feature each, null where it is of the other kind. */
export function featureColumns(
  { rowCount, columns }: ColumnTable,
  features: ShownFeatures | undefined,
): readonly BinaryColumn[] {
  const shown = features?.columns ?? []
  const noNumbers = new Float64Array(shown.some(({ isText }) => isText) ? rowCount : 0).fill(NaN)
  const numbers = shown.map(({ isText }, index): Element => ({
    type: 'float8',
    values: isText ? noNumbers : (columns[`feature_${index + 1}`] as Float64Array),
  }))
  const texts = shown.map(({ isText }, index): Element => ({
    type: 'text',
    values: isText ? (columns[`feature_${index + 1}`] as readonly (string | null)[]) : [],
  }))
  return [
    { type: 'array', elements: numbers },
    { type: 'array', elements: shown.some(({ isText }) => isText) ? texts : [] },
  ]
}
