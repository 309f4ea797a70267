import { timestamp } from '../../../sql/sql-text.ts'
import { basketFeatures } from './baskets.ts'
import type { CatalogueEntry, FeatureRequest } from './entry.ts'
import { DAY_US, epochUs, filter, sinceStartUs } from './sql-text.ts'

const lines = (columns: readonly string[] = []) => [{ role: 'transactions', columns }] as const

/** `trend` compares the last of these with the one before. */
const RECENT = '90 days'
const BEFORE = '180 days'

/** When, how often and how customers buy. */
export const behaviourFeatures: readonly CatalogueEntry[] = [
  {
    name: 'recency',
    group: 'behaviour',
    meaning: 'Days since the last order; without one in the window, the length of the window, the least it can be.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without any order, when there is no window.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'recently active', high: 'lapsed' },
    compile: (request) => {
      const { prefix, column, windowStart, asOf } = request
      const last = `${prefix}last_us`
      const latest = windowStart === null ? last : `coalesce(${last}, ${epochUs(windowStart)})`
      return {
        aggregations: [{ of: 'orders', aggregates: { [last]: `max(instant_us)${filter(sinceStartUs(request))}` } }],
        values: { [column]: `cast(${epochUs(asOf)} - ${latest} as double) / ${DAY_US}` },
      }
    },
  },
  {
    name: 'frequency',
    group: 'behaviour',
    meaning: 'Orders; returns are none.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an order in the window.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'few orders', high: 'frequent' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'orders',
          aggregates: { [`${request.prefix}orders`]: `count(*)${filter(sinceStartUs(request))}` },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}orders, 0)` },
    }),
  },
  {
    name: 'gapMean',
    group: 'behaviour',
    meaning: 'Mean days between consecutive distinct instants of orders, both in the window.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Below one gap.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'short gaps', high: 'long gaps' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [gaps(request)],
        values: {
          [column]: `case when ${prefix}count >= 1 then cast(${prefix}sum as double) / ${prefix}count / ${DAY_US} end`,
        },
      }
    },
  },
  {
    name: 'gapDeviation',
    group: 'behaviour',
    meaning: 'Sample deviation of the days between consecutive distinct instants of orders.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Below two gaps.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'regular', high: 'irregular' },
    compile: (request) => ({
      aggregations: [gaps(request)],
      values: {
        [request.column]: `case when ${request.prefix}count >= 2 then ${deviationUs(request.prefix)} / ${DAY_US} end`,
      },
    }),
  },
  {
    name: 'gapRegularity',
    group: 'behaviour',
    meaning: 'How regular purchases are: mean gap ÷ (mean gap + deviation of the gaps); 1 is clockwork.',
    unit: 'share',
    type: 'share',
    window: 'any',
    nullRule: 'Below two gaps.',
    transform: 'none',
    needs: lines(),
    phrases: { low: 'irregular', high: 'regular' },
    compile: (request) => {
      const { prefix, column } = request
      const mean = `cast(${prefix}sum as double) / ${prefix}count`
      return {
        aggregations: [gaps(request)],
        values: {
          [column]: `case when ${prefix}count >= 2 then ${mean} / (${mean} + ${deviationUs(prefix)}) end`,
        },
      }
    },
  },
  {
    name: 'tenure',
    group: 'behaviour',
    meaning: 'Days since the first order.',
    unit: 'days',
    type: 'numeric',
    window: 'fixed',
    nullRule: 'Without any order.',
    transform: 'none',
    needs: lines(),
    phrases: { low: 'new', high: 'long-standing' },
    grows: true,
    compile: ({ prefix, column, asOf }) => ({
      aggregations: [{ of: 'orders', aggregates: { [`${prefix}first_us`]: 'min(instant_us)' } }],
      values: { [column]: `cast(${epochUs(asOf)} - ${prefix}first_us as double) / ${DAY_US}` },
    }),
  },
  {
    name: 'trend',
    group: 'behaviour',
    meaning: 'Spend of the last 90 days minus that of the 90 days before, calendar days in the zone of the pipeline.',
    unit: 'money',
    type: 'money',
    window: 'fixed',
    windows: [RECENT, BEFORE],
    nullRule: 'Never: 0 without lines.',
    transform: 'log1p',
    needs: lines(),
    phrases: { low: 'declining', high: 'growing' },
    compile: ({ prefix, column, startOf }) => {
      const [recent, before] = [timestamp(startOf(RECENT)), timestamp(startOf(BEFORE))]
      return {
        aggregations: [
          {
            of: 'lines',
            aggregates: {
              [`${prefix}recent`]: `sum(amount) filter (where occurred_at >= ${recent})`,
              [`${prefix}before`]: `sum(amount) filter (where occurred_at >= ${before} and occurred_at < ${recent})`,
            },
          },
        ],
        values: { [column]: `coalesce(${prefix}recent, 0) - coalesce(${prefix}before, 0)` },
      }
    },
  },
  ...basketFeatures,
]

/** Count, sum and squares of the gaps in whole microseconds. */
function gaps(request: FeatureRequest) {
  const inWindow = filter(sinceStartUs(request, 'previous_us'))
  const gap = 'cast(instant_us - previous_us as hugeint)'
  return {
    of: 'orders',
    aggregates: {
      [`${request.prefix}count`]: `count(previous_us)${inWindow}`,
      [`${request.prefix}sum`]: `sum(${gap})${inWindow}`,
      [`${request.prefix}squares`]: `sum(${gap} * ${gap})${inWindow}`,
    },
  } as const
}

/** n Σx² − (Σx)² in whole microseconds: exact, and below 2^127 for any span of less than 300 years. */
function deviationUs(prefix: string): string {
  const spread = `${prefix}count * ${prefix}squares - ${prefix}sum * ${prefix}sum`
  return `sqrt(cast(${spread} as double) / cast(${prefix}count * (${prefix}count - 1) as double))`
}
