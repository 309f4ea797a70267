/** `Did you mean "CustomerID"? ` or nothing, by edit distance without regard to case and separators. */
export function didYouMean(wanted: string, names: readonly string[]): string {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(plain(wanted), plain(name)) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest && nearest.distance <= Math.max(2, wanted.length / 3) ? `Did you mean "${nearest.name}"? ` : ''
}

/** Levenshtein distance, one row at a time. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
