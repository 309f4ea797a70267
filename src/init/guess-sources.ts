import { completePurchase, guessByContent, guessColumns } from './guess-columns.ts'
import { customerPatterns, transactionPatterns } from './column-names.ts'
import type { LookedPlace, SourceGuess } from './guesses.ts'
import { guessOf } from './guesses.ts'

/** What customers and orders are told apart by, in the order of trust. */
const NEEDED = ['customer_id', 'occurred_at', 'order_id', 'amount'] as const

/** What no place says, so that nobody can segment by it. */
export interface NothingBought {
  readonly missing: readonly string[]
  /** The place that comes closest, with the columns that it has. */
  readonly nearest: { readonly name: string; readonly columns: readonly string[] }
}

/**
 * Who is what: one place of purchases, others that it looks things up in, and attributes of customers.
 *
 * @returns what is missing when there are no purchases
 */
export function guessSources(places: readonly LookedPlace[]): readonly SourceGuess[] | NothingBought {
  const guessed = places.map((place) => {
    const named = guessByContent(place, guessColumns(place, transactionPatterns))
    return { place, role: 'transactions' as const, lookups: [], ...completePurchase(place, named) }
  })
  const scored = guessed
    .map((guess) => ({ guess, has: NEEDED.filter((column) => guessOf(guess, column)) }))
    // Lines with amounts are nearer to purchases than orders without.
    .sort((a, b) => Number(b.has.includes('amount')) - Number(a.has.includes('amount')) || b.has.length - a.has.length)
  let primary: SourceGuess = scored[0]!.guess
  const lookedUp = new Map<string, SourceGuess>()
  for (const other of guessed) {
    if (other.place === primary.place) continue
    const [on, brought] = broughtBy(other, primary)
    if (on === undefined || brought.length === 0) continue
    const columns = other.columns.filter(({ column }) => column === on || brought.includes(column))
    lookedUp.set(other.place.name, { ...other, role: 'lookup', columns, hasMadeOrders: false })
    primary = { ...primary, lookups: [...primary.lookups, { source: other.place.name, on, columns: brought }] }
  }
  const missing = NEEDED.filter((column) => !hasColumn(primary, column))
  if (missing.length > 0)
    return { missing, nearest: { name: primary.place.name, columns: primary.place.columns.map(({ name }) => name) } }
  const customers = guessed
    .filter(({ place }) => place !== primary.place && !lookedUp.has(place.name))
    .map(({ place }) => ({ place, columns: guessColumns(place, customerPatterns) }))
    .find(({ place, columns }) => columns.length > 1 && isUnique(place, guessOf({ columns }, 'customer_id')?.from))
  return [
    primary,
    ...lookedUp.values(),
    ...(customers ? [{ ...customers, role: 'customers' as const, lookups: [], hasMadeOrders: false }] : []),
  ]
}

export function hasColumn({ columns, lookups }: SourceGuess, column: string): boolean {
  return columns.some((guess) => guess.column === column) || lookups.some((lookup) => lookup.columns.includes(column))
}

/** What a place with one row for each order or product tells of the purchases. */
function broughtBy(other: SourceGuess, primary: SourceGuess): [string | undefined, string[]] {
  for (const [on, wanted] of [
    ['order_id', ['customer_id', 'occurred_at', 'channel']],
    ['product', ['category', 'cost']],
  ] as const) {
    const key = guessOf(other, on)
    if (!key || typeof key.from !== 'string' || !guessOf(primary, on) || primary.hasMadeOrders) continue
    if (!isUnique(other.place, key.from)) continue
    return [on, wanted.filter((column) => !hasColumn(primary, column) && guessOf(other, column))]
  }
  return [undefined, []]
}

function isUnique({ columns }: LookedPlace, from: unknown): boolean {
  const values = columns.find(({ name }) => name === from)?.values
  return values !== undefined && new Set(values).size === values.length
}
