import { quoteText, timestamp } from '../../../sql/sql-text.ts'
import { countShares } from './count-shares.ts'
import type { CatalogueEntry, FeatureRequest } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { DAY_US, epochUs, filter, ratio, sinceStart, sinceStartUs } from './sql-text.ts'

const needs = [{ role: 'events', columns: [] }] as const
const RECENT = '90 days'
const BEFORE = '180 days'
const MINUTE_US = '60e6'

/** How customers use a site or a product: visits, days, what they do there. */
export const engagementFeatures: readonly CatalogueEntry[] = [
  {
    name: 'sessions',
    group: 'engagement',
    meaning: 'Visits: by session_id where it is mapped, else a new one after 30 minutes without an event.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an event in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'few visits', high: 'many visits' },
    compile: (request) => ({
      aggregations: [
        { of: 'sessions', aggregates: { [`${request.prefix}count`]: `count(*)${startedInWindow(request)}` } },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'sessionMinutes',
    group: 'engagement',
    meaning: 'Mean minutes from the first to the last event of a visit.',
    unit: 'minutes',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without a visit in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'short visits', high: 'long visits' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [
          {
            of: 'sessions',
            aggregates: {
              [`${prefix}length_us`]: `sum(ended_us - started_us)${startedInWindow(request)}`,
              [`${prefix}count`]: `count(*)${startedInWindow(request)}`,
            },
          },
        ],
        values: { [column]: `${ratio(`${prefix}length_us`, `${prefix}count`)} / ${MINUTE_US}` },
      }
    },
  },
  {
    name: 'eventsPerSession',
    group: 'engagement',
    meaning: 'Mean events of a visit.',
    unit: 'count',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without a visit in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'brief visits', high: 'busy visits' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [
          {
            of: 'sessions',
            aggregates: {
              [`${prefix}events`]: `sum(event_count)${startedInWindow(request)}`,
              [`${prefix}count`]: `count(*)${startedInWindow(request)}`,
            },
          },
        ],
        values: { [column]: ratio(`${prefix}events`, `${prefix}count`) },
      }
    },
  },
  {
    name: 'activeDays',
    group: 'engagement',
    meaning: 'Calendar days with an event, in the zone of the pipeline.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an event in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'few active days', high: 'many active days' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'events',
          aggregates: {
            [`${request.prefix}days`]: `count(distinct ${localDay(request)})${filter(sinceStart(request))}`,
          },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}days, 0)` },
    }),
  },
  {
    name: 'engagementTrend',
    group: 'engagement',
    meaning: 'Active days of the last 90 days minus those of the 90 days before.',
    unit: 'count',
    type: 'numeric',
    window: 'fixed',
    windows: [RECENT, BEFORE],
    nullRule: 'Never: 0 without an event.',
    transform: 'none',
    needs,
    phrases: { low: 'losing interest', high: 'gaining interest' },
    compile: (request) => {
      const { prefix, column, startOf } = request
      const [recent, before] = [timestamp(startOf(RECENT)), timestamp(startOf(BEFORE))]
      const days = `count(distinct ${localDay(request)})`
      return {
        aggregations: [
          {
            of: 'events',
            aggregates: {
              [`${prefix}recent`]: `${days}${filter(`occurred_at >= ${recent}`)}`,
              [`${prefix}before`]: `${days}${filter(`occurred_at >= ${before}`, `occurred_at < ${recent}`)}`,
            },
          },
        ],
        values: { [column]: `coalesce(${prefix}recent - ${prefix}before, 0)` },
      }
    },
  },
  {
    name: 'engagementRecency',
    group: 'engagement',
    meaning: 'Days since the last event; without one in the window, the length of the window, the least it can be.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without any event, when there is no window.',
    transform: 'log1p',
    needs,
    settings: { event: ownSettings.event },
    phrases: { low: 'recently engaged', high: 'disengaged' },
    compile: (request) => {
      const { prefix, column, windowStart, asOf } = request
      const last = `epoch_us(${prefix}last)`
      const latest = windowStart === null ? last : `coalesce(${last}, ${epochUs(windowStart)})`
      return {
        aggregations: [
          {
            of: 'events',
            aggregates: { [`${prefix}last`]: `max(occurred_at)${filter(ofEvent(request), sinceStart(request))}` },
          },
        ],
        values: { [column]: `cast(${epochUs(asOf)} - ${latest} as double) / ${DAY_US}` },
      }
    },
  },
  {
    name: 'eventCount',
    group: 'engagement',
    meaning: 'Events, or those of one name: how often a feature of the product is used.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an event in the window.',
    transform: 'log1p',
    needs,
    settings: { event: ownSettings.event },
    phrases: { low: 'rarely uses it', high: 'uses it often' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'events',
          aggregates: { [`${request.prefix}count`]: `count(*)${filter(ofEvent(request), sinceStart(request))}` },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'distinctEvents',
    group: 'engagement',
    meaning: 'Different events: how much of the product is used.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an event in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'uses little of it', high: 'uses much of it' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'events',
          aggregates: { [`${request.prefix}count`]: `count(distinct event)${filter(sinceStart(request))}` },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'eventShares',
    group: 'engagement',
    meaning: 'Shares of the events by name: which features of the product are used.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'Without an event in the window.',
    transform: 'centredLogRatio',
    needs,
    compile: (request) => countShares(request, 'events', 'event'),
  },
]

function ofEvent({ settings }: FeatureRequest): string | null {
  return settings.event === undefined ? null : `event = ${quoteText(settings.event as string)}`
}

function startedInWindow(request: FeatureRequest): string {
  return filter(sinceStartUs(request, 'started_us'))
}

function localDay({ timezone }: FeatureRequest): string {
  return `cast(occurred_at at time zone 'UTC' at time zone ${quoteText(timezone)} as date)`
}
