import type { Aggregation, CatalogueEntry, FeatureRequest } from './entry.ts'
import { DAY_US, epochUs, filter, ratio, sinceStart } from './sql-text.ts'

const needs = (columns: readonly string[] = []) => [{ role: 'touches', columns }] as const

/** How customers answer campaigns. */
export const campaignFeatures: readonly CatalogueEntry[] = [
  {
    name: 'contactCount',
    group: 'campaign',
    meaning: 'Contacts of campaigns with the customer.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without a contact in the window.',
    transform: 'log1p',
    needs: needs(),
    phrases: { low: 'rarely contacted', high: 'often contacted' },
    compile: (request) => ({
      aggregations: [
        { of: 'touches', aggregates: { [`${request.prefix}count`]: `count(*)${filter(sinceStart(request))}` } },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'campaignCount',
    group: 'campaign',
    meaning: 'Different campaigns that reached the customer.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without a contact in the window.',
    transform: 'log1p',
    needs: needs(),
    phrases: { low: 'few campaigns', high: 'many campaigns' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'touches',
          aggregates: { [`${request.prefix}count`]: `count(distinct campaign)${filter(sinceStart(request))}` },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'responseRate',
    group: 'campaign',
    meaning: 'Share of the campaigns that reached the customer and had a response.',
    unit: 'share',
    type: 'share',
    window: 'any',
    nullRule: 'Without a campaign in the window.',
    transform: 'none',
    needs: needs(['responded']),
    phrases: { low: 'no response', high: 'responsive' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [byCampaign(request)],
        values: { [column]: ratio(`${prefix}answered`, `${prefix}campaigns`) },
      }
    },
  },
  {
    name: 'contactRecency',
    group: 'campaign',
    meaning: 'Days since the last contact; without one in the window, the length of the window, the least it can be.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without any contact, when there is no window.',
    transform: 'log1p',
    needs: needs(),
    phrases: { low: 'recently contacted', high: 'long not contacted' },
    compile: (request) => {
      const { prefix, column, windowStart, asOf } = request
      const last = `epoch_us(${prefix}last)`
      const latest = windowStart === null ? last : `coalesce(${last}, ${epochUs(windowStart)})`
      return {
        aggregations: [
          { of: 'touches', aggregates: { [`${prefix}last`]: `max(occurred_at)${filter(sinceStart(request))}` } },
        ],
        values: { [column]: `cast(${epochUs(asOf)} - ${latest} as double) / ${DAY_US}` },
      }
    },
  },
  sum('campaignCost', 'cost', 'What the contacts with the customer cost.', { low: 'cheap to reach', high: 'costly' }),
  sum('campaignRevenue', 'revenue', 'What the contacts brought in.', {
    low: 'campaigns earn little',
    high: 'campaigns earn much',
  }),
  {
    name: 'campaignReturn',
    group: 'campaign',
    meaning: 'Return on what the contacts cost: (revenue − cost) ÷ cost.',
    unit: 'share',
    type: 'numeric',
    window: 'any',
    nullRule: 'When the contacts of the window cost nothing.',
    transform: 'log1p',
    needs: needs(['cost', 'revenue']),
    phrases: { low: 'campaigns lose', high: 'campaigns pay' },
    compile: (request) => {
      const { prefix, column } = request
      const [cost, revenue] = [`${prefix}cost`, `${prefix}revenue`]
      const inWindow = filter(sinceStart(request))
      return {
        aggregations: [
          { of: 'touches', aggregates: { [cost]: `sum(cost)${inWindow}`, [revenue]: `sum(revenue)${inWindow}` } },
        ],
        values: { [column]: ratio(`(coalesce(${revenue}, 0) - ${cost})`, cost) },
      }
    },
  },
]

/** A response may be a row of its own, beside the contact's: a campaign counts once. */
function byCampaign(request: FeatureRequest): Aggregation {
  const { prefix } = request
  const inWindow = sinceStart(request)
  return {
    of: 'touches',
    ...(inWindow === null ? {} : { where: inWindow }),
    per: { by: { campaign: 'campaign' }, aggregates: { has_answer: 'bool_or(coalesce(responded, false))' } },
    aggregates: { [`${prefix}campaigns`]: 'count(*)', [`${prefix}answered`]: 'count(*) filter (where has_answer)' },
  }
}

function sum(
  name: string,
  of: 'cost' | 'revenue',
  meaning: string,
  phrases: { readonly low: string; readonly high: string },
): CatalogueEntry {
  return {
    name,
    group: 'campaign',
    meaning,
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'Never: 0 without a contact in the window.',
    transform: 'log1p',
    needs: needs([of]),
    phrases,
    compile: (request) => ({
      aggregations: [
        { of: 'touches', aggregates: { [`${request.prefix}sum`]: `sum(${of})${filter(sinceStart(request))}` } },
      ],
      values: { [request.column]: `coalesce(${request.prefix}sum, 0)` },
    }),
  }
}
