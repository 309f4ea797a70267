import { plainName, transactionPatterns } from './column-names.ts'
import type { Corrections } from './corrections.ts'
import { completePurchase, guessByContent, guessColumns, plainGuess } from './guess-columns.ts'
import { guessOf, hasColumn, isUnique, type ColumnGuess, type LookedPlace, type SourceGuess } from './guesses.ts'

/** What customers and orders are told apart by, in the order of trust. */
export const NEEDED = ['customer_id', 'occurred_at', 'order_id', 'amount'] as const

/** What a place of purchases and those that it looks things up in look like. */
export interface PurchaseGuess {
  readonly primary: SourceGuess
  readonly lookups: readonly SourceGuess[]
  readonly missing: readonly string[]
}

/** A place read as purchases, whether or not it has all that they need. */
export function readPurchases(place: LookedPlace, corrections: Corrections): SourceGuess {
  const corrected = corrections.columns[place.name] ?? {}
  const named = guessByContent(place, guessColumns(place, transactionPatterns, corrected), corrected)
  const because = 'each row says who bought what when, and for how much'
  return {
    name: place.name,
    place,
    role: 'transactions',
    because,
    lookups: [],
    ...completePurchase(place, named),
  }
}

/**
 * The place of purchases: one that has all they need, itself or by looking it up; of several, lines of products rather than sums of orders.
 *
 * @param candidates places that may have the purchases
 * @param others places that things may be looked up in, candidates among them
 */
export function guessPurchases(
  candidates: readonly SourceGuess[],
  others: readonly SourceGuess[],
): PurchaseGuess | undefined {
  const joined = candidates.map((candidate) =>
    withLookups(
      candidate,
      others.filter(({ place }) => place !== candidate.place),
    ),
  )
  const rank = ({ primary, missing }: PurchaseGuess): number =>
    (missing.length === 0 ? 100 : 0) +
    // Lines with amounts are nearer to purchases than orders without.
    (hasColumn(primary, 'amount') ? 20 : 0) +
    (hasColumn(primary, 'product') ? 10 : 0) -
    missing.length
  return joined.toSorted((a, b) => rank(b) - rank(a))[0]
}

function withLookups(candidate: SourceGuess, others: readonly SourceGuess[]): PurchaseGuess {
  let primary = candidate
  const lookups: SourceGuess[] = []
  for (const other of others) {
    const found = broughtBy(other, primary)
    if (!found) continue
    const { on, key, brought } = found
    const columns = [key, ...other.columns.filter(({ column }) => column !== on && brought.includes(column))]
    lookups.push({
      ...other,
      role: 'lookup',
      because: `one row for each ${on} of ${primary.name}`,
      columns,
      hasMadeOrders: false,
    })
    primary = { ...primary, lookups: [...primary.lookups, { source: other.name, on, columns: brought }] }
  }
  const named = nameCategory(primary, lookups, others)
  const missing = NEEDED.filter((column) => !hasColumn(named.primary, column))
  return { ...named, missing }
}

/** What a place with one row for each order or product tells of the purchases. */
function broughtBy(
  other: SourceGuess,
  primary: SourceGuess,
): { readonly on: string; readonly key: ColumnGuess; readonly brought: readonly string[] } | undefined {
  for (const [on, wanted] of [
    ['order_id', ['customer_id', 'occurred_at', 'channel']],
    ['product', ['category', 'cost']],
  ] as const) {
    const own = guessOf(primary, on)
    if (!own || primary.hasMadeOrders) continue
    const key = keyOf(other, on, own)
    if (!key || !isUnique(other.place, key.from)) continue
    const brought = wanted.filter(
      (column) => !hasColumn(primary, column) && (guessOf(other, column)?.from ?? key.from) !== key.from,
    )
    if (brought.length > 0) return { on, key, brought }
  }
  return undefined
}

/** The column of another place that says the same: by its meaning, else by its name. */
function keyOf(other: SourceGuess, on: string, own: ColumnGuess): ColumnGuess | undefined {
  const meant = guessOf(other, on)
  if (meant && typeof meant.from === 'string' && !other.hasMadeOrders) return meant
  const same = other.place.columns.find(
    ({ name }) => typeof own.from === 'string' && plainName(name) === plainName(own.from),
  )
  return same && plainGuess(on, same, `the same name as in the purchases`)
}

/** Where a category is a number, the place that has its name is looked up too. */
function nameCategory(
  primary: SourceGuess,
  lookups: readonly SourceGuess[],
  others: readonly SourceGuess[],
): { readonly primary: SourceGuess; readonly lookups: readonly SourceGuess[] } {
  const holder = [primary, ...lookups].find((source) => guessOf(source, 'category'))
  const category = holder && guessOf(holder, 'category')
  if (!holder || typeof category?.from !== 'string') return { primary, lookups }
  const key = plainName(category.from)
  const isKey = /_(id|no|nr|code|key)$/.test(key) && /^[a-z][a-z0-9_]*$/.test(key)
  const places = others.filter(({ place }) => place !== holder.place && !lookups.some((one) => one.place === place))
  for (const { place } of isKey ? places : []) {
    const same = place.columns.find(({ name }) => plainName(name) === key && isUnique(place, name))
    const called = place.columns.find(({ name, kind }) => kind === 'text' && /(^|_)(name|title)$/.test(plainName(name)))
    if (!same || !called) continue
    const because = `one row for each ${key} of ${holder.name}`
    const renamed = (source: SourceGuess): SourceGuess => ({
      ...source,
      columns: source.columns.map((guess) => (guess === category ? { ...guess, column: key } : guess)),
    })
    const names: SourceGuess = {
      name: place.name,
      place,
      role: 'lookup',
      because,
      columns: [
        plainGuess(key, same, 'the same name as in ' + holder.name),
        plainGuess('category', called, 'its name'),
      ],
      lookups: [],
      hasMadeOrders: false,
    }
    const base = holder === primary ? renamed(primary) : primary
    const swapped = base.lookups.map((lookup) =>
      lookup.source === holder.name
        ? { ...lookup, columns: lookup.columns.map((column) => (column === 'category' ? key : column)) }
        : lookup,
    )
    return {
      primary: { ...base, lookups: [...swapped, { source: place.name, on: key, columns: ['category'] }] },
      lookups: [...lookups.map((one) => (one === holder ? renamed(one) : one)), names],
    }
  }
  return { primary, lookups }
}
