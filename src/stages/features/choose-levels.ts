import { OTHER } from './catalogue/entry.ts'
import type { PooledLevels } from './config.ts'

/** How often a value occurs. */
export interface LevelCount {
  readonly value: string
  readonly count: number
}

/** What is needed of the profile of the clean rows. */
export interface LevelsProfile {
  readonly roles: Readonly<
    Record<
      string,
      {
        readonly columns: Readonly<
          Record<string, { readonly levels: readonly { readonly value: string; readonly rows: number }[] }>
        >
      }
    >
  >
}

export function levelsIn({ roles }: LevelsProfile): (role: string, column: string) => readonly LevelCount[] {
  return (role, column) =>
    (roles[role]?.columns[column]?.levels ?? []).map(({ value, rows }) => ({ value, count: rows }))
}

/**
 * Levels that stand for themselves: those pinned, else the most frequent whose share of all counts reaches `minShare`, at most
 * `maxLevels`, of equals the first by code units. `other` names the rest and is never a level; of values that differ in case alone the
 * most frequent is one, because columns cannot.
 */
export function chooseLevels(
  counts: readonly LevelCount[],
  { pinned, maxLevels, minShare }: PooledLevels,
): readonly string[] {
  if (pinned) return distinctLevels(pinned)
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const frequent = counts
    .filter(({ count }) => count >= minShare * total)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return distinctLevels(frequent.map(({ value }) => value)).slice(0, maxLevels)
}

function distinctLevels(values: readonly string[]): readonly string[] {
  const folded = values.map((value) => value.toLowerCase())
  return values.filter((_, index) => folded[index] !== OTHER && folded.indexOf(folded[index]!) === index)
}
