/** SQL of sums over a file of features, by which contenders are compared. */
export function figuresOf(relation: string): string {
  return `
    select cast(count(*) as double) as customers, sum(recency) as recency, cast(sum(frequency) as double) as frequency,
      cast(sum(monetary) as double) as monetary, sum("gapDeviation") as gap_deviation, cast(sum(trend) as double) as trend,
      cast(sum("distinctCategories") as double) as categories, sum("channelShares:web") as web
    from ${relation}`
}
