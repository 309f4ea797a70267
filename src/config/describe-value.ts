import { closest, distance } from 'fastest-levenshtein'

const LONGEST_QUOTE = 60

/** What came, as text for a message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing, the key is missing'
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object') {
    const keys = Object.keys(value)
    return keys.length === 0 ? 'an empty map' : `{ ${keys.join(', ')} }`
  }
  if (typeof value === 'string') return quote(value)
  return String(value)
}

export function quote(text: string): string {
  const shown = withoutSecrets(text)
  return JSON.stringify(shown.length > LONGEST_QUOTE ? `${shown.slice(0, LONGEST_QUOTE)}…` : shown)
}

/** Passwords in URLs are replaced before anything is shown. */
function withoutSecrets(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*:)\S+@/g, '$1***@')
}

/** `Did you mean weight?`, when one of the names is near enough to be a slip. */
export function suggestName(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const sameLetters = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  const nearest = sameLetters ?? closest(name, [...known])
  const limit = Math.max(1, Math.floor(Math.max(name.length, nearest.length) / 3))
  return sameLetters || distance(name, nearest) <= limit ? `Did you mean ${nearest}?` : null
}

/** `one of a, b`, or that there is none. */
export function listNames(what: string, names: readonly string[]): string {
  return names.length === 0 ? `the name of ${what}; there is none` : `the name of ${what}: ${names.join(', ')}`
}
