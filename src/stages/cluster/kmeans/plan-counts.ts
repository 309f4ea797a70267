import { ConstantFeatures } from '../../../errors/constant-features.ts'
import { TooFewCustomers } from '../../../errors/too-few-customers.ts'
import { distinctRows } from '../../../stats/distinct-rows.ts'
import type { KMeansConfig } from './config.ts'

/**
 * The counts of clusters to try, ascending.
 *
 * @param customerCount all customers of the run
 * @param distinctCount as `countDistinct` gives it
 * @throws TooFewCustomers when not even the smallest count can be formed
 * @throws ConstantFeatures when all customers have the same features
 */
export function planCounts(
  count: KMeansConfig['count'],
  customerCount: number,
  distinctCount: number,
): readonly number[] {
  const { from, to } = typeof count === 'number' ? { from: count, to: count } : count
  const remedy = 'Lower cluster.count, or widen the windows of the features so that more customers qualify; then rerun.'
  if (customerCount < 2 || customerCount < from)
    throw new TooFewCustomers(`Cannot make ${from} clusters from ${customers(customerCount)}.`, remedy)
  if (distinctCount < 2)
    throw new ConstantFeatures(
      `All ${customers(customerCount)} have the same features: there is nothing to tell them apart by.`,
      'Add features that differ between customers, or check the mapped columns of the source; then rerun.',
    )
  if (distinctCount < from)
    throw new TooFewCustomers(
      `Cannot make ${from} clusters from ${customers(customerCount)}: only ${distinctCount} of them differ in their features.`,
      remedy,
    )
  const largest = Math.min(to, distinctCount)
  return Array.from({ length: largest - from + 1 }, (_, i) => from + i)
}

/**
 * Customers of the sample that differ from one another in their features. Counting ends above the largest count to be tried.
 *
 * @param values coordinates, shape (sample, dimensions), row-major
 */
export function countDistinct(count: KMeansConfig['count'], values: Float64Array, dimensions: number): number {
  const largest = typeof count === 'number' ? count : count.to
  return distinctRows(values, dimensions, largest + 1).length
}

function customers(count: number): string {
  return count === 1 ? '1 customer' : `${count} customers`
}
