import { dataRoles, roles, type DataRole } from '../run/data-roles.ts'
import type { ChosenLine } from './choose-pipeline.ts'
import { guessOf, isUnique, type SourceGuess } from './guesses.ts'

const RETURN_PREFIX_SHARE = 0.2

/** Rules for what the samples show: those of the purchases, or of the customers where there are none, first. */
export function chooseRules(sources: readonly SourceGuess[]): readonly ChosenLine[] {
  const primary = sources.find(({ role }) => role === 'transactions')
  const customers = sources.find(({ role }) => role === 'customers')
  const others = dataRoles.filter((role) => role !== 'transactions' && sources.some((source) => source.role === role))
  return [
    ...(primary ? purchaseRules(primary) : []),
    ...others.flatMap((role) => roleRules(role, primary === undefined && role === 'customers')),
    ...(customers ? onceEach(customers, primary === undefined) : []),
  ]
}

/** @param isPrimary rules are about the role without a word */
function roleRules(role: DataRole, isPrimary: boolean): readonly ChosenLine[] {
  const of = isPrimary ? {} : { of: role }
  return [
    {
      value: { rule: 'required', ...of, do: 'drop', maxShare: 0.05 },
      because: `rows without ${roles[role].required.join(', ')}`,
    },
    {
      value: { rule: 'types', ...of, do: 'quarantine', maxShare: 0.02 },
      because: 'values that are no number or no date',
    },
  ]
}

/** A customer of several rows, none known to be the latest, is one: that with most of some number. */
function onceEach({ place, columns, recordedAt }: SourceGuess, isPrimary: boolean): readonly ChosenLine[] {
  const from = columns.find(({ column }) => column === 'customer_id')?.from
  if (recordedAt !== undefined || isUnique(place, from)) return []
  const of = isPrimary ? {} : { of: 'customers' }
  const figure = columns.findLast(({ type }) => type !== undefined)?.column
  const value =
    figure === undefined
      ? { rule: 'duplicates', ...of, do: 'drop' }
      : { rule: 'duplicates', ...of, by: ['customer_id'], keep: 'highest', column: figure, do: 'drop' }
  return [
    { value, because: `several rows of a customer${figure === undefined ? '' : ': the one with the most counts'}` },
  ]
}

function purchaseRules(primary: SourceGuess): readonly ChosenLine[] {
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
