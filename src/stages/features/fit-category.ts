import { chooseLevels } from './choose-levels.ts'
import type { LevelCount } from './choose-levels.ts'
import type { FeatureSpec } from './config.ts'
import type { FittedCategory } from './transform.ts'

const MOST_POOLED = 1_000

/**
 * Pins the levels of a category, and the shares of customers that have them.
 *
 * @param counts customers by value, null among them; any order
 */
export function fitCategory(
  counts: readonly { readonly value: string | null; readonly count: number }[],
  spec: FeatureSpec,
): FittedCategory {
  const present = counts
    .filter((one): one is LevelCount => one.value !== null)
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  const levels = chooseLevels(present, spec.levels)
  const pooled = present.map(({ value }) => value).filter((value) => !levels.includes(value))
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const missing = counts.reduce((sum, { value, count }) => sum + (value === null ? count : 0), 0)
  const ofLevel = levels.map((level) => present.find(({ value }) => value === level)?.count ?? 0)
  const other = ofLevel.reduce((rest, count) => rest - count, total - missing)
  const shares = [...ofLevel, other, ...(missing > 0 ? [missing] : [])].map((count) => count / Math.max(1, total))
  const variance = shares.reduce((sum, share) => sum + share * (1 - share), 0)
  return {
    kind: 'category',
    name: spec.column,
    unit: spec.unit,
    weight: spec.weight,
    levels,
    pooled: pooled.slice(0, MOST_POOLED),
    knowsAllLevels: pooled.length <= MOST_POOLED,
    withMissing: missing > 0,
    shares,
    customers: total,
    scale: variance > 0 ? Math.sqrt(variance) : 1,
  }
}
