import { quoteName } from '../sql/sql-text.ts'
import type { SampledColumn } from './column-kind.ts'
import { fullName, plainName, type NamePattern } from './column-names.ts'
import { isUnique, type ColumnGuess, type LookedPlace } from './guesses.ts'

/** Columns as people corrected them: canonical column → column of the place, null where there is none. */
export type ColumnCorrections = Readonly<Record<string, string | null>>

/** Columns of a place that have a meaning, by their names and by what they hold. */
export function guessColumns(
  place: LookedPlace,
  patterns: readonly NamePattern[],
  corrected: ColumnCorrections = {},
): readonly ColumnGuess[] {
  const wanted = new Set(patterns.map(({ column }) => column))
  const guesses: ColumnGuess[] = Object.entries(corrected).flatMap(([column, from]) => {
    const named = place.columns.find(({ name }) => name === from)
    return named && wanted.has(column) ? [plainGuess(column, named, 'as you say')] : []
  })
  const taken = new Set(Object.values(corrected))
  for (const { column, kinds, names, holds } of patterns) {
    if (column in corrected) continue
    const open = place.columns.filter(
      (sampled) => !taken.has(sampled.name) && kinds.includes(sampled.kind) && (holds?.(sampled) ?? true),
    )
    for (const pattern of names) {
      const named = open
        .filter(({ name }) => pattern.test(fullName(place.name, name)))
        // `customer_id` of customers is surer than its `id`.
        .toSorted((a, b) => Number(!pattern.test(plainName(a.name))) - Number(!pattern.test(plainName(b.name))))
      // Of several categories the one with fewest levels tells customers apart best.
      const found = column === 'category' ? named.filter(hasLevels).sort((a, b) => levels(a) - levels(b))[0] : named[0]
      if (!found) continue
      taken.add(found.name)
      guesses.push(plainGuess(column, found, reasonOf(column, pattern)))
      break
    }
  }
  return inOrder(guesses, patterns)
}

/** Names of people and addresses are no ids, but may be all that there is. */
function reasonOf(column: string, pattern: RegExp): string {
  const isMakeshift = column === 'customer_id' && /name|mail/.test(pattern.source)
  return isMakeshift ? 'its name, for want of an id' : 'its name'
}

function inOrder(guesses: readonly ColumnGuess[], patterns: readonly NamePattern[]): readonly ColumnGuess[] {
  return patterns.flatMap(({ column }) => guesses.filter((guess) => guess.column === column))
}

/** Purchases in a place whose names say too little: by what the columns hold. */
export function guessByContent(
  place: LookedPlace,
  guesses: readonly ColumnGuess[],
  corrected: ColumnCorrections = {},
): readonly ColumnGuess[] {
  const found = [...guesses]
  const has = (column: string): boolean => found.some((guess) => guess.column === column)
  const open = (): readonly SampledColumn[] =>
    place.columns.filter(({ name }) => !found.some(({ from }) => from === name))
  const add = (column: string, chosen: SampledColumn | undefined, because: string): void => {
    if (chosen && !has(column) && !(column in corrected)) found.push(plainGuess(column, chosen, because))
  }
  add(
    'occurred_at',
    open().find(({ kind }) => kind === 'instant'),
    'the first column of instants',
  )
  if (has('order_id') && has('quantity') && has('unit_price'))
    add(
      'product',
      open().find(
        ({ name, kind }) => /_(id|no|nr|code)$/.test(plainName(name)) && kind !== 'instant' && !isUnique(place, name),
      ),
      'what the lines of orders repeat beside their order',
    )
  const isGeneric = place.columns.every(({ name }) => /^column\d+$/.test(name))
  if (!isGeneric) return found
  add(
    'customer_id',
    open().find((column) => /^(text|integer)$/.test(column.kind) && levels(column) > 1),
    'the first column of ids',
  )
  const figures = open().filter(({ kind }) => kind === 'decimal')
  if (!has('unit_price')) add('amount', figures.at(-1), 'the last column of figures with decimals')
  return found
}

/** Adds what a purchase needs and no column has: an amount of quantity and price, an order of customer and day. */
export function completePurchase(
  place: LookedPlace,
  guesses: readonly ColumnGuess[],
): { readonly columns: readonly ColumnGuess[]; readonly hasMadeOrders: boolean } {
  const columns = [...guesses]
  const of = (column: string): SampledColumn | undefined => {
    const from = columns.find((guess) => guess.column === column)?.from
    return place.columns.find(({ name }) => name === from)
  }
  const [quantity, price, discount] = [of('quantity'), of('unit_price'), of('discount')]
  if (!of('amount') && !quantity && price && of('order_id'))
    columns.push(plainGuess('amount', price, 'the price: no line says how many'))
  const isRate = discount?.values.every((value) => Number(value) >= 0 && Number(value) <= 1) ?? false
  if (!of('amount') && quantity && price) {
    const factors = [quantity, price, ...(isRate ? [discount!] : [])]
    const sql = `${nameInSql(quantity)} * ${nameInSql(price)}${isRate ? ` * (1 - ${nameInSql(discount!)})` : ''}`
    columns.push({
      column: 'amount',
      from: { sql },
      types: Object.fromEntries(factors.map(({ name, kind }) => [name, kind === 'integer' ? 'integer' : 'decimal'])),
      example: null,
      because: isRate ? 'no amount of the line; the discount is a rate from 0 to 1' : 'no amount of the line',
    })
  }
  // A rate is no money that was let off.
  const kept = isRate ? columns.filter(({ column }) => column !== 'discount') : columns
  const [customer, instant] = [of('customer_id'), of('occurred_at')]
  const hasMadeOrders = !of('order_id') && customer !== undefined && instant !== undefined
  if (!hasMadeOrders) return { columns: kept, hasMadeOrders }
  const day = place.isTyped ? `cast(${nameInSql(instant)} as date)` : `${nameInSql(instant)}[:10]`
  const sql = `concat(${nameInSql(customer)}, ' ', ${day})`
  const because = 'no order number: what a customer buys on one day counts as one order'
  return { columns: [...kept, { column: 'order_id', from: { sql }, types: {}, because, example: null }], hasMadeOrders }
}

/** A name as an expression needs it. */
function nameInSql({ name }: SampledColumn): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^(order|group|date|time|timestamp|user|desc|asc|end)$/i.test(name)
    ? name
    : quoteName(name)
}

export function plainGuess(column: string, sampled: SampledColumn, because: string): ColumnGuess {
  const { name, values, kind, format, otherFormat } = sampled
  const written =
    format === null ? '' : `, written ${format}${otherFormat === null ? '' : ` (or ${otherFormat}: they fit both)`}`
  return {
    column,
    from: name,
    types: {},
    because: `${because}; ${kind}${written}`,
    example: values[0]?.slice(0, 20) ?? null,
  }
}

export function levels({ values }: SampledColumn): number {
  return new Set(values).size
}

function hasLevels(column: SampledColumn): boolean {
  return levels(column) > 1
}
