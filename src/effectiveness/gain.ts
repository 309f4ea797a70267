import type { Grouping } from './explained.ts'

/**
 * What is gained by taking customers segment by segment instead of at random: the area between the curve of gains and the diagonal, over that
 * of taking the best customers first (normalised Gini coefficient).
 *
 * @param outcome shape (customers), what came of each; below 0 counts as nothing
 * @param known shape (customers), what was known before: it says in which order segments are taken, their mean the largest first
 * @returns 1 as good as knowing the outcome, 0 no better than at random, below 0 worse; null where nothing came, or the same of all
 */
export function targetingGain(
  outcome: Float64Array,
  known: Float64Array,
  { labels, groupCount }: Grouping,
): number | null {
  const sizes = new Float64Array(groupCount)
  const came = new Float64Array(groupCount)
  const before = new Float64Array(groupCount)
  const positive = outcome.map((value) => Math.max(0, value))
  for (let i = 0; i < positive.length; i++) {
    sizes[labels[i]!]! += 1
    came[labels[i]!]! += positive[i]!
    before[labels[i]!]! += known[i]!
  }
  const order = Array.from(sizes.keys())
    .filter((group) => sizes[group]! > 0)
    .sort((a, b) => before[b]! / sizes[b]! - before[a]! / sizes[a]! || a - b)
  const total = positive.reduce((sum, value) => sum + value, 0)
  if (!(total > 0)) return null
  const bySegment = areaUnder(
    order.map((group) => sizes[group]!),
    order.map((group) => came[group]!),
  )
  const best = positive.sort().reverse()
  const atBest = areaUnder(new Float64Array(best.length).fill(1), best)
  const chance = (total * best.length) / 2
  return atBest > chance ? (bySegment - chance) / (atBest - chance) : null
}

/** Of the curve that rises by `gains` over `widths`, straight in between. */
function areaUnder(widths: ArrayLike<number>, gains: ArrayLike<number>): number {
  let [area, height] = [0, 0]
  for (let i = 0; i < widths.length; i++) {
    area += widths[i]! * (height + gains[i]! / 2)
    height += gains[i]!
  }
  return area
}
