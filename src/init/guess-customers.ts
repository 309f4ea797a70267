import { customerPatterns, plainName } from './column-names.ts'
import type { Corrections } from './corrections.ts'
import { guessAttributes } from './guess-attributes.ts'
import { guessColumns } from './guess-columns.ts'
import { guessOf, isUnique, type ColumnGuess, type LookedPlace, type SourceGuess } from './guesses.ts'

/** Rows of these, in this order, tell who the customers are where nothing else does. */
const KNOWING = ['events', 'tickets', 'survey', 'touches'] as const

/**
 * The place with attributes of customers: one row each, unless somebody says that it is one.
 *
 * @param places that have no other use
 * @param others sources whose rows name customers
 */
export function guessCustomers(
  places: readonly LookedPlace[],
  others: readonly SourceGuess[],
  corrections: Corrections,
): SourceGuess | undefined {
  const idNames = new Set(others.flatMap((source) => idName(source) ?? []))
  const isSaid = ({ name }: LookedPlace): boolean => corrections.roles[name] === 'customers'
  const read = places.flatMap((place) => {
    const named = guessColumns(place, customerPatterns, corrections.columns[place.name])
    const customer = guessOf({ columns: named }, 'customer_id')
    if (!customer) return []
    const columns = [...named, ...guessAttributes(place, named)]
    const isOneEach = isUnique(place, customer.from)
    if (!isSaid(place) && (!isOneEach || columns.length === 1)) return []
    const isSameId = idNames.has(idName({ columns }) ?? '')
    // A table of staff has addresses of mail too.
    if (!isSaid(place) && isMakeshift(customer) && idNames.size > 0 && !isSameId) return []
    return [{ place, columns, isOneEach, isSameId }]
  })
  const [best] = read.toSorted(
    (a, b) =>
      Number(isSaid(b.place)) - Number(isSaid(a.place)) ||
      Number(b.isSameId) - Number(a.isSameId) ||
      b.columns.length - a.columns.length,
  )
  if (!best) return undefined
  const { place, columns, isOneEach } = best
  const instant = place.columns.find(({ kind }) => kind === 'instant')?.name
  return {
    name: place.name,
    place,
    role: 'customers',
    because: isSaid(place)
      ? 'as you say'
      : `one row for each ${String(guessOf(best, 'customer_id')!.from)}, and attributes`,
    columns,
    lookups: [],
    hasMadeOrders: false,
    ...(isOneEach || instant === undefined ? {} : { recordedAt: instant }),
  }
}

function idName(source: Pick<SourceGuess, 'columns'>): string | undefined {
  const from = guessOf(source, 'customer_id')?.from
  return typeof from === 'string' ? plainName(from) : undefined
}

function isMakeshift({ from }: ColumnGuess): boolean {
  return typeof from === 'string' && /name$|mail/.test(plainName(from))
}

/** Everybody whom rows of another role name, where no place has the customers themselves. */
export function customersOf(sources: readonly SourceGuess[]): SourceGuess | undefined {
  const [source] = KNOWING.flatMap((role) => sources.filter((one) => one.role === role))
  if (!source) return undefined
  const instant = guessOf(source, 'occurred_at')?.from
  return {
    ...source,
    name: `${source.name}_customers`,
    role: 'customers',
    because: `no place has the customers themselves: everybody in ${source.name}`,
    columns: source.columns.filter(({ column }) => column === 'customer_id'),
    lookups: [],
    // Nobody is a customer before the first row.
    ...(typeof instant === 'string' ? { recordedAt: instant } : {}),
  }
}
