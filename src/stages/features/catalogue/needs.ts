import { quoteText } from '../../../sql/sql-text.ts'
import { countShares } from './count-shares.ts'
import { levelColumn, OTHER } from './entry.ts'
import type { CatalogueEntry, FeatureRequest } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { DAY_US, filter, ratio, sinceStart } from './sql-text.ts'
import { surveyScale } from './survey-scale.ts'

const ofSurvey = [{ role: 'survey', columns: [] }] as const
const ofTickets = (columns: readonly string[] = []) => [{ role: 'tickets', columns }] as const

/** What customers need, want and suffer from: answers of surveys, contacts with support. */
export const needsFeatures: readonly CatalogueEntry[] = [
  surveyScale,
  {
    name: 'surveyNumber',
    group: 'needs',
    meaning: 'The latest answer to one question, as a number.',
    unit: 'score',
    type: 'ordinal',
    window: 'any',
    nullRule: 'Without an answer in the window that is a number.',
    transform: 'none',
    needs: ofSurvey,
    settings: { question: ownSettings.question },
    compile: (request) => ({
      aggregations: [latestAnswer(request)],
      values: { [request.column]: `try_cast(${request.prefix}latest[2] as decimal(18, 4))` },
    }),
  },
  {
    name: 'surveyAnswer',
    group: 'needs',
    meaning: 'The latest answer to one question, as a category.',
    unit: 'text',
    type: 'category',
    window: 'any',
    nullRule: 'Without an answer in the window.',
    transform: 'oneHot',
    needs: ofSurvey,
    settings: { question: ownSettings.question },
    compile: (request) => ({
      aggregations: [latestAnswer(request)],
      values: { [request.column]: `${request.prefix}latest[2]` },
    }),
  },
  {
    name: 'surveyChoices',
    group: 'needs',
    meaning:
      'Goals, preferences or priorities of a question with several answers, one row each: the share of each of `options` among the different answers.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'Without an answer in the window.',
    transform: 'none',
    needs: ofSurvey,
    settings: { question: ownSettings.question, options: ownSettings.options },
    compile: (request) => {
      const { prefix, column, settings } = request
      const options = settings.options as readonly string[]
      const asked = [`question = ${quoteText(settings.question as string)}`, sinceStart(request)] as const
      const chosen = (option: string): string =>
        `count(distinct answer)${filter(...asked, `answer = ${quoteText(option)}`)}`
      const rest = options.map((_, index) => ` - ${prefix}option_${index}`).join('')
      return {
        aggregations: [
          {
            of: 'survey',
            aggregates: {
              [`${prefix}all`]: `count(distinct answer)${filter(...asked)}`,
              ...Object.fromEntries(options.map((option, index) => [`${prefix}option_${index}`, chosen(option)])),
            },
          },
        ],
        values: {
          ...Object.fromEntries(
            options.map((option, index) => [
              levelColumn(column, option),
              ratio(`${prefix}option_${index}`, `${prefix}all`),
            ]),
          ),
          [levelColumn(column, OTHER)]: ratio(`(${prefix}all${rest})`, `${prefix}all`),
        },
      }
    },
  },
  {
    name: 'ticketCount',
    group: 'needs',
    meaning: 'Contacts with support: different tickets.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without a ticket in the window.',
    transform: 'log1p',
    needs: ofTickets(),
    phrases: { low: 'hardly any tickets', high: 'many tickets' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'tickets',
          aggregates: { [`${request.prefix}count`]: `count(distinct ticket_id)${filter(sinceStart(request))}` },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'complaintCount',
    group: 'needs',
    meaning: 'Complaints: different tickets that are one.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without a complaint in the window.',
    transform: 'log1p',
    needs: ofTickets(['is_complaint']),
    phrases: { low: 'no complaints', high: 'many complaints' },
    compile: (request) => ({
      aggregations: [
        {
          of: 'tickets',
          aggregates: {
            [`${request.prefix}count`]: `count(distinct ticket_id)${filter('is_complaint', sinceStart(request))}`,
          },
        },
      ],
      values: { [request.column]: `coalesce(${request.prefix}count, 0)` },
    }),
  },
  {
    name: 'painPoints',
    group: 'needs',
    meaning: 'Shares of the tickets by topic.',
    unit: 'share',
    type: 'composition',
    window: 'any',
    nullRule: 'Without a ticket with a topic in the window.',
    transform: 'centredLogRatio',
    needs: ofTickets(['topic']),
    compile: (request) => countShares(request, 'tickets', 'topic'),
  },
  {
    name: 'supportSatisfaction',
    group: 'needs',
    meaning: 'Mean satisfaction with the tickets that were rated.',
    unit: 'score',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without a rated ticket in the window.',
    transform: 'none',
    needs: ofTickets(['satisfaction']),
    phrases: { low: 'dissatisfied', high: 'satisfied' },
    compile: (request) => {
      const { prefix, column } = request
      return {
        aggregations: [
          {
            of: 'tickets',
            aggregates: {
              [`${prefix}sum`]: `sum(satisfaction)${filter(sinceStart(request))}`,
              [`${prefix}count`]: `count(satisfaction)${filter(sinceStart(request))}`,
            },
          },
        ],
        values: { [column]: ratio(`${prefix}sum`, `${prefix}count`) },
      }
    },
  },
  {
    name: 'resolutionDays',
    group: 'needs',
    meaning: 'Mean days until a ticket was resolved, over those that were before the as-of.',
    unit: 'days',
    type: 'numeric',
    window: 'any',
    nullRule: 'Without a resolved ticket in the window.',
    transform: 'log1p',
    needs: ofTickets(['resolved_at']),
    phrases: { low: 'helped quickly', high: 'kept waiting' },
    compile: (request) => {
      const { prefix, column } = request
      const resolved = filter('resolved_at is not null', sinceStart(request))
      return {
        aggregations: [
          {
            of: 'tickets',
            aggregates: {
              [`${prefix}wait_us`]: `sum(cast(epoch_us(resolved_at) - epoch_us(occurred_at) as hugeint))${resolved}`,
              [`${prefix}count`]: `count(*)${resolved}`,
            },
          },
        ],
        values: { [column]: `${ratio(`${prefix}wait_us`, `${prefix}count`)} / ${DAY_US}` },
      }
    },
  },
]

/** Of answers at the same instant the last by text: which of them came later is not known. */
function latestAnswer(request: FeatureRequest) {
  const asked = filter(
    `question = ${quoteText(request.settings.question as string)}`,
    'answer is not null',
    sinceStart(request),
  )
  return {
    of: 'survey',
    aggregates: { [`${request.prefix}latest`]: `max(row(occurred_at, answer))${asked}` },
  } as const
}
