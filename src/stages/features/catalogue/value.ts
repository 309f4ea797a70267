import { quoteText } from '../../../sql/sql-text.ts'
import { levelColumn, OTHER } from './entry.ts'
import type { Aggregation, CatalogueEntry, FeatureRequest, FeatureSql } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { filter, ratio, sinceStart, sinceStartUs } from './sql-text.ts'

const lines = (columns: readonly string[] = []) => [{ role: 'transactions', columns }] as const

const bought = 'not is_return'

/** What customers spend, on what, and what it earns. */
export const valueFeatures: readonly CatalogueEntry[] = [
  {
    name: 'monetary',
    group: 'value',
    meaning: 'What the customer spent: the sum of all lines, returns as negative amounts.',
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'Never: 0 without a line in the window.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'low spend', high: 'high spend' },
    compile: (request) => {
      const { aggregation, value } = spentSum(request)
      return { aggregations: [aggregation], values: { [request.column]: value } }
    },
  },
  {
    name: 'averageOrderValue',
    group: 'value',
    meaning: 'What an order is worth: the sum of the lines of orders ÷ orders, returns left out.',
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'Without an order in the window.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'small baskets', high: 'large baskets' },
    compile: (request) => {
      const { prefix, column } = request
      const inWindow = filter(sinceStartUs(request))
      return {
        aggregations: [
          {
            of: 'orders',
            aggregates: {
              [`${prefix}spent`]: `sum(spent)${inWindow}`,
              [`${prefix}orders`]: `count(*)${inWindow}`,
            },
          },
        ],
        values: { [column]: `cast(${prefix}spent as double) / cast(${prefix}orders as double)` },
      }
    },
  },
  {
    name: 'grossMargin',
    group: 'value',
    meaning:
      'What is left after costs: amount − cost over the lines whose cost is known; a return takes its margin away.',
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'When no line of the window has a cost.',
    transform: 'log1p',
    needs: lines(['cost']),
    settings: { costPer: ownSettings.costPer },
    phrases: { low: 'low margin', high: 'high margin' },
    compile: (request) => ({
      aggregations: [margin(request)],
      values: { [request.column]: `${request.prefix}revenue - ${request.prefix}cost` },
    }),
  },
  {
    name: 'marginRate',
    group: 'value',
    meaning: 'Share of the amount that is left after costs, over the lines whose cost is known; below 0 for a loss.',
    unit: 'share',
    type: 'numeric',
    window: 'any',
    nullRule: 'When the lines with a cost do not sum to more than 0.',
    transform: 'none',
    needs: lines(['cost']),
    settings: { costPer: ownSettings.costPer },
    phrases: { low: 'thin margins', high: 'rich margins' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [margin(request)],
        values: { [column]: ratio(`(${prefix}revenue - ${prefix}cost)`, `${prefix}revenue`) },
      }
    },
  },
  {
    name: 'discountShare',
    group: 'value',
    meaning:
      'Share of the price before discount that was let off: Σ discount ÷ Σ (amount + discount), returns left out.',
    unit: 'share',
    type: 'share',
    window: 'any',
    nullRule: 'When nothing was bought in the window.',
    transform: 'none',
    needs: lines(['discount']),
    phrases: { low: 'full price', high: 'discount buyers' },
    compile: (request) => {
      const { prefix, column } = request
      const inWindow = filter(bought, sinceStart(request))
      const [off, paid] = [`${prefix}off`, `${prefix}paid`]
      return {
        aggregations: [
          { of: 'lines', aggregates: { [off]: `sum(abs(discount))${inWindow}`, [paid]: `sum(amount)${inWindow}` } },
        ],
        values: { [column]: ratio(`coalesce(${off}, 0)`, `(${paid} + coalesce(${off}, 0))`) },
      }
    },
  },
  {
    name: 'categoryShares',
    group: 'value',
    meaning: 'Shares of spend by category (share of wallet), returns left out.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'When nothing was spent in the window.',
    transform: 'centredLogRatio',
    needs: lines(['category']),
    compile: (request) => spendShares(request, 'category'),
  },
  {
    name: 'topCategory',
    group: 'value',
    meaning: 'The category with most spend; of equals the one with more lines, then the last by name.',
    unit: 'text',
    type: 'category',
    window: 'any',
    nullRule: 'When no line of the window has a category.',
    transform: 'oneHot',
    needs: lines(['category']),
    compile: (request) => {
      const { aggregation, value } = topCategory(request)
      return { aggregations: [aggregation], values: { [request.column]: value } }
    },
  },
]

/** A value with the aggregation it comes from. */
interface Aggregated {
  readonly aggregation: Aggregation
  readonly value: string
}

/** All lines of the window, returns as negative amounts. */
export function spentSum(request: FeatureRequest): Aggregated {
  const sum = `${request.prefix}sum`
  const aggregates = { [sum]: `sum(amount)${filter(sinceStart(request))}` }
  return { aggregation: { of: 'lines', aggregates }, value: `coalesce(${sum}, 0)` }
}

export function topCategory(request: FeatureRequest): Aggregated {
  const top = `${request.prefix}top`
  const inWindow = sinceStart(request)
  return {
    aggregation: {
      of: 'lines',
      where: [bought, 'category is not null', ...(inWindow === null ? [] : [inWindow])].join(' and '),
      per: { by: { category: 'category' }, aggregates: { spent: 'sum(amount)', line_count: 'count(*)' } },
      aggregates: { [top]: 'max(row(spent, line_count, category))' },
    },
    value: `${top}[3]`,
  }
}

/** A return gives back what it took; cost is written without a sign. */
function margin(request: FeatureRequest): Aggregation {
  const inWindow = filter('cost is not null', sinceStart(request))
  const perUnit = request.settings.costPer === 'unit'
  const cost = perUnit ? 'abs(cost * quantity)' : 'abs(cost)'
  return {
    of: 'lines',
    aggregates: {
      [`${request.prefix}revenue`]: `sum(amount)${inWindow}`,
      [`${request.prefix}cost`]: `sum(case when is_return then -${cost} else ${cost} end)${inWindow}`,
    },
  }
}

/** Spend by the levels of a column of the lines; what has no level is `other`. */
export function spendShares(request: FeatureRequest, by: 'category' | 'channel'): FeatureSql {
  const { prefix, column } = request
  const levels = request.levels('transactions', by)
  const total = `${prefix}all`
  const names = levels.map((_, index) => `${prefix}${index}`)
  const ofLevel = (level: string): string =>
    `sum(amount)${filter(bought, `${by} = ${quoteText(level)}`, sinceStart(request))}`
  const rest = [total, ...names.map((name) => `coalesce(${name}, 0)`)].join(' - ')
  return {
    aggregations: [
      {
        of: 'lines',
        aggregates: {
          [total]: `sum(amount)${filter(bought, sinceStart(request))}`,
          ...Object.fromEntries(levels.map((level, index) => [names[index]!, ofLevel(level)])),
        },
      },
    ],
    values: {
      ...Object.fromEntries(
        levels.map((level, index) => [levelColumn(column, level), ratio(`coalesce(${names[index]!}, 0)`, total)]),
      ),
      [levelColumn(column, OTHER)]: ratio(`(${rest})`, total),
    },
  }
}
