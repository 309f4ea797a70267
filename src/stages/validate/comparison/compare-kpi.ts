import type { ComparisonMeasure } from './measures.ts'

/** What one customer of the panel or the candidate stands for. */
export interface KpiColumns {
  /** Shape (customers), money or another amount; NaN counts as nothing, and so does what is below 0. */
  readonly values: Float64Array
  /** Position of the segment of each customer among `keys`. */
  readonly segments: Int32Array
  /** Position of the segment before; −1: none. */
  readonly previous: Int32Array
}

/**
 * How much of an amount, as it is today, goes to another segment, and each segment's share of it with its present and with its former customers:
 * money is what a move costs, not heads.
 *
 * @param keys of segments that there are or were
 */
export function compareKpi(
  { values, segments, previous }: KpiColumns,
  keys: readonly string[],
): readonly ComparisonMeasure[] {
  const now = new Float64Array(keys.length)
  const before = new Float64Array(keys.length)
  let moved = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! > 0 ? values[i]! : 0
    now[segments[i]!]! += value
    if (previous[i]! < 0) continue
    before[previous[i]!]! += value
    if (previous[i] !== segments[i]) moved += value
  }
  const sum = (amounts: Float64Array): number => amounts.reduce((total, amount) => total + amount, 0)
  const [total, ofPanel] = [sum(now), sum(before)]
  if (total === 0 || ofPanel === 0) return []
  return [
    { measure: 'kpi_moved', subject: null, value: moved / ofPanel, previous: null },
    ...keys.map((subject, i) => ({
      measure: 'kpi_share' as const,
      subject,
      value: now[i]! / total,
      previous: before[i]! / ofPanel,
    })),
  ]
}
