/** Feature → customers whose level was not known when it was fitted: they count as `other`. Only those above 0. */
export type UnseenCounts = Readonly<Record<string, number>>

export function addUnseen(counts: readonly UnseenCounts[]): UnseenCounts {
  const sum: Record<string, number> = {}
  for (const [feature, count] of counts.flatMap((one) => Object.entries(one)))
    sum[feature] = (sum[feature] ?? 0) + count
  return sum
}
