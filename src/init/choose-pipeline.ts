import { guessOf, type SourceGuess } from './guesses.ts'
import { hasColumn } from './guess-sources.ts'

export const objectives = ['retention', 'value', 'growth'] as const
export type Objective = (typeof objectives)[number]

/** A line of YAML with what is to be said about it. */
export interface ChosenLine {
  readonly value: unknown
  readonly because: string
}

const RETURN_PREFIX_SHARE = 0.2

/** Rules for what the sample shows. */
export function chooseRules(primary: SourceGuess): readonly ChosenLine[] {
  const { place } = primary
  const share = Math.max(
    0,
    ...(['customer_id', 'occurred_at', 'order_id'] as const).map((name) => {
      const from = guessOf(primary, name)?.from
      return place.columns.find((column) => column.name === from)?.emptyShare ?? 0
    }),
  )
  const allowed = Math.min(1, Math.max(0.05, Math.ceil(share * 40) / 20))
  const prefix = returnPrefix(primary)
  const first = share === 0 ? 'none of the first rows lacks one' : `${(share * 100).toFixed(1)} % of the first rows`
  return [
    {
      value: { rule: 'required', do: 'drop', maxShare: allowed },
      because: `rows without customer, instant, order or amount: ${first}`,
    },
    { value: { rule: 'types', do: 'quarantine', maxShare: 0.02 }, because: 'values that are no number or no date' },
    ...(primary.hasMadeOrders
      ? []
      : [{ value: { rule: 'duplicates', do: 'drop', maxShare: 0.05 }, because: 'the same line twice' }]),
    prefix === undefined
      ? {
          value: { rule: 'cancellations', do: 'net' },
          because: 'lines below 0 are taken from the purchase that they return',
        }
      : {
          value: { rule: 'cancellations', when: { sql: `order_id like '${prefix}%'` }, do: 'net' },
          because: `orders that begin with ${prefix} take back what was bought`,
        },
    ...(guessOf(primary, 'unit_price')
      ? [
          {
            value: { rule: 'range', column: 'unit_price', atLeast: 0, do: 'quarantine', maxShare: 0.02 },
            because: 'corrections of accounts',
          },
        ]
      : []),
  ]
}

/** Letters before the number of orders whose lines are below 0 where other orders have figures alone. */
function returnPrefix(primary: SourceGuess): string | undefined {
  const at = (name: string): number =>
    primary.place.columns.findIndex((column) => column.name === guessOf(primary, name)?.from)
  const [order, figure] = [at('order_id'), at('quantity') >= 0 ? at('quantity') : at('amount')]
  if (order < 0 || figure < 0) return undefined
  const counts = new Map<string, { rows: number; below: number }>()
  for (const row of primary.place.rows) {
    const prefix = /^([A-Za-z]{1,3})\d/.exec(row[order] ?? '')?.[1] ?? ''
    const count = counts.get(prefix) ?? { rows: 0, below: 0 }
    counts.set(prefix, { rows: count.rows + 1, below: count.below + Number(row[figure]?.startsWith('-') ?? false) })
  }
  const found = [...counts].find(
    ([prefix, { rows, below }]) =>
      prefix !== '' && below >= 0.9 * rows && rows <= RETURN_PREFIX_SHARE * primary.place.rows.length,
  )
  return found?.[0]
}

/** Features by which customers differ in what the objective is about. */
export function chooseFeatures(objective: Objective, primary: SourceGuess): readonly ChosenLine[] {
  const when = (column: string, ...lines: ChosenLine[]): readonly ChosenLine[] =>
    hasColumn(primary, column) ? lines : []
  const line = (value: unknown, because: string): ChosenLine => ({ value, because })
  const recency = line('recency', 'days since the last order: who is slipping away')
  const frequency = line('frequency', 'how many orders')
  const monetary = line('monetary', 'how much in all')
  const order = line('averageOrderValue', 'what an order is worth')
  const products = when('product', line('distinctProducts', 'how wide the interest is'))
  const categories = when('category', line('distinctCategories', 'how much of the assortment'))
  switch (objective) {
    case 'retention':
      return [recency, frequency, monetary, line('gapMean', 'the own rhythm'), line('tenure', 'for how long')]
    case 'value':
      return [
        monetary,
        order,
        frequency,
        recency,
        ...when('cost', line('marginRate', 'what is left after costs')),
        ...when('discount', line('discountShare', 'how much only at a discount')),
        ...categories,
      ]
    case 'growth':
      return [
        frequency,
        monetary,
        order,
        line('trend', 'spending more or less than before'),
        ...categories,
        ...products,
      ]
  }
}

/** Gates: how much may change before a person looks. */
export function chooseGates(objective: Objective): readonly (readonly [string, unknown, string])[] {
  const smallest = ['smallestSegment', { hold: { below: 0.01 } }, 'too few to act on'] as const
  switch (objective) {
    case 'retention':
      return [
        ['membershipChurn', { warn: { above: 0.2 }, hold: { above: 0.35 } }, 'campaigns need segments that last'],
        smallest,
      ]
    case 'value':
      return [['membershipChurn', { warn: { above: 0.15 }, hold: { above: 0.3 } }, 'value changes slowly'], smallest]
    case 'growth':
      return [
        ['membershipChurn', { warn: { above: 0.3 }, hold: { above: 0.5 } }, 'growth means that customers move'],
        smallest,
      ]
  }
}
