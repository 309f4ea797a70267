/** The n of `<pipeline>-<n>`; 0 for keys that people chose. */
export function keyNumber(key: string): number {
  return Number(/-(\d{1,15})$/.exec(key)?.[1] ?? 0)
}
