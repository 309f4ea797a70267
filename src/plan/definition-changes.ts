import { canonicalJson } from './digest.ts'

/** Where in a definition something is: `['pipeline', 'cluster', 'count']`. */
export type DefinitionPath = readonly (string | number)[]

/** One key that is another than before; absent on a side where there is none. */
export interface KeyChange {
  /** Of the newer definition; of an entry that a list has no more, the list. */
  readonly path: DefinitionPath
  readonly from?: unknown
  readonly to?: unknown
}

/** Every key whose value changed, in the order of the newer definition. Entries of lists are found again wherever they moved down or up to. */
export function compareKeys(before: unknown, after: unknown, path: DefinitionPath = []): readonly KeyChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path)
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    return keys.flatMap((key) => compareKeys(before[key], after[key], [...path, key]))
  }
  return [{ path, ...(before !== undefined && { from: before }), ...(after !== undefined && { to: after }) }]
}

/** What stays in order is left aside; between two such entries the first of one side is compared with the first of the other, and so on. */
function compareLists(before: readonly unknown[], after: readonly unknown[], path: DefinitionPath): KeyChange[] {
  const changes: KeyChange[] = []
  const flush = (fromBefore: number, toBefore: number, fromAfter: number, toAfter: number): void => {
    for (let i = 0; i < Math.max(toBefore - fromBefore, toAfter - fromAfter); i++) {
      const [old, now] = [fromBefore + i, fromAfter + i]
      if (old >= toBefore) changes.push({ path: [...path, now], to: after[now] })
      else if (now >= toAfter) changes.push({ path, from: before[old] })
      else changes.push(...compareKeys(before[old], after[now], [...path, now]))
    }
  }
  let [atBefore, atAfter] = [0, 0]
  for (const [old, now] of [...longestCommon(before, after), [before.length, after.length] as const]) {
    flush(atBefore, old, atAfter, now)
    ;[atBefore, atAfter] = [old + 1, now + 1]
  }
  return changes
}

/** Positions of a longest common subsequence, as pairs; lists of definitions are short. */
function longestCommon(before: readonly unknown[], after: readonly unknown[]): readonly (readonly [number, number])[] {
  const [olds, news] = [before.map(canonicalJson), after.map(canonicalJson)]
  const lengths = Array.from({ length: olds.length + 1 }, () => new Array<number>(news.length + 1).fill(0))
  for (let i = olds.length - 1; i >= 0; i--)
    for (let j = news.length - 1; j >= 0; j--)
      lengths[i]![j] =
        olds[i] === news[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < olds.length && j < news.length;)
    if (olds[i] === news[j]) pairs.push([i++, j++])
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++
    else j++
  return pairs
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
