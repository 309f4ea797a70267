import { quoteText } from '../../../sql/sql-text.ts'
import { levelColumn } from './entry.ts'
import type { CatalogueEntry, FeatureRequest } from './entry.ts'
import { filter, ratio, sinceStart, sinceStartUs } from './sql-text.ts'
import { spendShares } from './value.ts'

const lines = (columns: readonly string[] = []) => [{ role: 'transactions', columns }] as const

const bought = 'not is_return'
const QUARTERS = [1, 2, 3, 4] as const

/** In which season, through which channel, and how much at once customers buy. */
export const basketFeatures: readonly CatalogueEntry[] = [
  {
    name: 'seasonality',
    group: 'behaviour',
    meaning:
      'How spend concentrates on calendar quarters: (Σ share² − ¼) ÷ ¾ over their four shares; 0 is even, 1 all in one. Use windows of whole years.',
    unit: 'share',
    type: 'share',
    window: 'any',
    nullRule: 'When nothing was spent in the window.',
    transform: 'none',
    needs: lines(),
    phrases: { low: 'all year', high: 'seasonal' },
    compile: (request) => {
      const { prefix, column } = request
      const squares = QUARTERS.map((quarter) => {
        const spent = `cast(coalesce(${prefix}q${quarter}, 0) as double)`
        return `${spent} * ${spent}`
      })
      const total = `cast(${prefix}all as double)`
      return {
        aggregations: [quarters(request)],
        values: {
          [column]: `case when ${prefix}all > 0 then ((${squares.join(' + ')}) / (${total} * ${total}) - 0.25e0) / 0.75e0 end`,
        },
      }
    },
  },
  {
    name: 'seasonShares',
    group: 'behaviour',
    meaning: 'Shares of spend by calendar quarter (q1 to q4) in the zone of the pipeline, returns left out.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'When nothing was spent in the window.',
    transform: 'centredLogRatio',
    needs: lines(),
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [quarters(request)],
        values: Object.fromEntries(
          QUARTERS.map((quarter) => [
            levelColumn(column, `q${quarter}`),
            ratio(`coalesce(${prefix}q${quarter}, 0)`, `${prefix}all`),
          ]),
        ),
      }
    },
  },
  {
    name: 'channelShares',
    group: 'behaviour',
    meaning: 'Shares of spend by channel, returns left out.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'When nothing was spent in the window.',
    transform: 'centredLogRatio',
    needs: lines(['channel']),
    compile: (request) => spendShares(request, 'channel'),
  },
  {
    name: 'preferredChannel',
    group: 'behaviour',
    meaning:
      'The channel with most orders; of equals the one with more spend, then the one used last, then the last by name.',
    unit: 'text',
    type: 'category',
    window: 'any',
    nullRule: 'When no order of the window has a channel.',
    transform: 'oneHot',
    needs: lines(['channel']),
    compile: (request) => {
      const { prefix, column } = request
      const inWindow = sinceStartUs(request)
      return {
        aggregations: [
          {
            of: 'orders',
            where: ['channel is not null', ...(inWindow === null ? [] : [inWindow])].join(' and '),
            per: {
              by: { channel: 'channel' },
              aggregates: { order_count: 'count(*)', spent: 'sum(spent)', last_us: 'max(instant_us)' },
            },
            aggregates: { [`${prefix}top`]: 'max(row(order_count, spent, last_us, channel))' },
          },
        ],
        values: { [column]: `${prefix}top[4]` },
      }
    },
  },
  {
    name: 'returnRate',
    group: 'behaviour',
    meaning: 'Share of what was bought that came back: |Σ returns| ÷ Σ of the other lines, at most 1.',
    unit: 'share',
    type: 'share',
    window: 'any',
    nullRule: 'When nothing was spent in the window.',
    transform: 'none',
    needs: lines(),
    phrases: { low: 'hardly any returns', high: 'many returns' },
    compile: (request) => {
      const { prefix, column } = request
      const inWindow = sinceStart(request)
      return {
        aggregations: [
          {
            of: 'lines',
            aggregates: {
              [`${prefix}back`]: `sum(abs(amount))${filter('is_return', inWindow)}`,
              [`${prefix}bought`]: `sum(amount)${filter(bought, inWindow)}`,
            },
          },
        ],
        // The engine's least() passes over nulls: what is above 1 is cut before the division.
        values: { [column]: ratio(`least(coalesce(${prefix}back, 0), ${prefix}bought)`, `${prefix}bought`) },
      }
    },
  },
  {
    name: 'linesPerOrder',
    group: 'behaviour',
    meaning: 'Mean lines of an order, returns left out.',
    unit: 'count',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without an order in the window.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'few items at once', high: 'many items at once' },
    compile: (request) => perOrder(request, 'line_count'),
  },
  {
    name: 'unitsPerOrder',
    group: 'behaviour',
    meaning: 'Mean units of an order, returns left out.',
    unit: 'count',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without an order with quantities in the window.',
    transform: 'log1p',
    needs: lines(['quantity']),
    phrases: { low: 'single pieces', high: 'large quantities' },
    compile: (request) => perOrder(request, 'units'),
  },
  distinct('distinctProducts', 'product', 'Different products', { low: 'narrow range', high: 'broad range' }),
  distinct('distinctCategories', 'category', 'Different categories', {
    low: 'few categories',
    high: 'many categories',
  }),
]

function distinct(
  name: string,
  of: 'product' | 'category',
  what: string,
  phrases: { readonly low: string; readonly high: string },
): CatalogueEntry {
  return {
    name,
    group: 'behaviour',
    meaning: `${what} among the lines, returns left out.`,
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without a line in the window.',
    transform: 'log1p',
    needs: lines([of]),
    phrases,
    compile: (request) => {
      const count = `${request.prefix}count`
      const aggregate = `count(distinct ${of})${filter(bought, sinceStart(request))}`
      return {
        aggregations: [{ of: 'lines', aggregates: { [count]: aggregate } }],
        values: { [request.column]: `coalesce(${count}, 0)` },
      }
    },
  }
}

function perOrder(request: FeatureRequest, what: 'line_count' | 'units') {
  const { prefix, column } = request
  const inWindow = sinceStartUs(request)
  return {
    aggregations: [
      {
        of: 'orders',
        aggregates: {
          [`${prefix}sum`]: `sum(${what})${filter(inWindow)}`,
          [`${prefix}count`]: `count(${what})${filter(inWindow)}`,
        },
      },
    ],
    values: { [column]: ratio(`${prefix}sum`, `${prefix}count`) },
  } as const
}

function quarters(request: FeatureRequest) {
  const local = `occurred_at at time zone 'UTC' at time zone ${quoteText(request.timezone)}`
  return {
    of: 'lines',
    aggregates: {
      [`${request.prefix}all`]: `sum(amount)${filter(bought, sinceStart(request))}`,
      ...Object.fromEntries(
        QUARTERS.map((quarter) => [
          `${request.prefix}q${quarter}`,
          `sum(amount)${filter(bought, `quarter(${local}) = ${quarter}`, sinceStart(request))}`,
        ]),
      ),
    },
  } as const
}
