import { quoteName, readParquet } from './sql-text.ts'

/** Columns of files that have a row a customer. */
interface FeatureValues {
  readonly columns: readonly { readonly name: string; readonly isText: boolean }[]
  readonly files: readonly string[]
}

/** Columns `feature_1`, `feature_2`, … in the order of the features. @param where of the files' columns */
function selectValues({ columns, files }: FeatureValues, where: string): string {
  const values = columns.map(
    ({ name, isText }, index) => `CAST(${quoteName(name)} AS ${isText ? 'VARCHAR' : 'DOUBLE'}) AS feature_${index + 1}`,
  )
  return `SELECT customer_id, ${values.join(', ')} FROM ${readParquet(files)} WHERE ${where}`
}

/** Customers with `feature_1`, …; who has none keeps the row. @param customers a relation with `customer_id` */
export function joinValues(customers: string, features: FeatureValues, where = 'true'): string {
  return `${customers} c LEFT JOIN (${selectValues(features, where)}) f USING (customer_id)`
}
