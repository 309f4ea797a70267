import type { Contingency } from './contingency.ts'

/** Entropies and mutual information of two partitions, in nats. */
interface Information {
  readonly rowSums: Float64Array
  readonly columnSums: Float64Array
  readonly total: number
  readonly entropyOfRows: number
  readonly entropyOfColumns: number
  readonly mutual: number
}

/**
 * Adjusted mutual information (Vinh, Epps & Bailey 2010), against the arithmetic mean of the entropies: agreement of two partitions,
 * corrected for chance. Where clusters differ much in size it says more than the adjusted Rand index (Romano et al. 2016).
 *
 * @returns 1 for the same partition, about 0 for unrelated ones; 1 without items, or when both put all items into one cluster
 */
export function adjustedMutualInformation(table: Contingency): number {
  const { rowSums, columnSums, total, entropyOfRows, entropyOfColumns, mutual } = informationOf(table)
  const parts = (sums: Float64Array): number => sums.reduce((count, sum) => count + (sum > 0 ? 1 : 0), 0)
  if (total === 0 || (parts(rowSums) === 1 && parts(columnSums) === 1)) return 1
  const expected = expectedInformation(rowSums, columnSums, total)
  const denominator = (entropyOfRows + entropyOfColumns) / 2 - expected
  // Both all apart: nothing is left to chance, and they agree.
  return Math.abs(denominator) < Number.EPSILON ? 1 : (mutual - expected) / denominator
}

/**
 * Variation of information (Meilă 2007): what the two partitions don't know of each other, in nats. A metric.
 *
 * @returns 0 for the same partition, at most ln(items)
 */
export function variationOfInformation(table: Contingency): number {
  const { entropyOfRows, entropyOfColumns, mutual } = informationOf(table)
  return Math.max(0, entropyOfRows + entropyOfColumns - 2 * mutual)
}

function informationOf({ rows, columns, counts }: Contingency): Information {
  const rowSums = new Float64Array(rows)
  const columnSums = new Float64Array(columns)
  let total = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const count = counts[i * columns + j]!
      rowSums[i]! += count
      columnSums[j]! += count
      total += count
    }
  }
  let mutual = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const count = counts[i * columns + j]!
      if (count > 0) mutual += (count / total) * Math.log((count * total) / (rowSums[i]! * columnSums[j]!))
    }
  }
  const entropy = (sums: Float64Array): number =>
    sums.reduce((sum, count) => sum - (count > 0 ? (count / total) * Math.log(count / total) : 0), 0)
  return {
    ...{ rowSums, columnSums, total, mutual },
    entropyOfRows: entropy(rowSums),
    entropyOfColumns: entropy(columnSums),
  }
}

/** Mean of the mutual information over all partitions with the same sizes (hypergeometric). O(rows × total + columns × total). */
function expectedInformation(rowSums: Float64Array, columnSums: Float64Array, total: number): number {
  const logFactorial = logFactorials(total)
  let expected = 0
  for (const a of rowSums) {
    for (const b of columnSums) {
      if (a === 0 || b === 0) continue
      const fixed =
        logFactorial[a]! + logFactorial[b]! + logFactorial[total - a]! + logFactorial[total - b]! - logFactorial[total]!
      for (let n = Math.max(1, a + b - total); n <= Math.min(a, b); n++) {
        const logChance =
          fixed - logFactorial[n]! - logFactorial[a - n]! - logFactorial[b - n]! - logFactorial[total - a - b + n]!
        expected += (n / total) * Math.log((n * total) / (a * b)) * Math.exp(logChance)
      }
    }
  }
  return expected
}

/** ln n! for n = 0 … largest. */
function logFactorials(largest: number): Float64Array {
  const logs = new Float64Array(largest + 1)
  for (let n = 2; n <= largest; n++) logs[n] = logs[n - 1]! + Math.log(n)
  return logs
}
