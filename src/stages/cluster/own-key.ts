/** Key of a segment that a definition names: what lasts when its name is changed. */
export const OWN_KEY = /^[a-z][a-z0-9_]{0,39}$/

/** Longest key that a name is made into. */
const LONGEST = 40

/** A key of a name: `Key accounts` → `key_accounts`. Empty where a name has no Latin letter to begin with. */
export function ownKeyOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+/, '')
    .slice(0, LONGEST)
    .replace(/_+$/, '')
}
