import { quoteText } from '../../../sql/sql-text.ts'
import type { Aggregation, CatalogueEntry, FeatureRequest } from './entry.ts'
import { ownSettings } from './own-settings.ts'
import { epochUs } from './sql-text.ts'

const needs = [{ role: 'transactions', columns: [] }] as const
const settings = { cutoff: ownSettings.cutoff }

/**
 * What models of repeat buying (BG/NBD, gamma-gamma) read. All orders of a customer on one calendar day, in the zone of the pipeline, are one
 * purchase, as in Fader & Hardie's data and in the Python package Lifetimes.
 */
export const repeatBuyingFeatures: readonly CatalogueEntry[] = [
  {
    name: 'repeatPurchases',
    group: 'behaviour',
    meaning: 'Calendar days with an order after the day of the first: the x of models of repeat buying.',
    unit: 'count',
    type: 'count',
    window: 'fixed',
    nullRule: 'Without any order before the cutoff.',
    transform: 'log1p',
    needs,
    settings,
    phrases: { low: 'one-time buyers', high: 'many repeat purchases' },
    compile: (request) => ({
      aggregations: [purchaseDays(request, { days: 'count(*)' })],
      values: { [request.column]: `${request.prefix}days - 1` },
    }),
  },
  {
    name: 'purchaseAge',
    group: 'behaviour',
    meaning: 'Days from the first day with an order to the last: the t_x of models of repeat buying.',
    unit: 'days',
    type: 'numeric',
    window: 'fixed',
    nullRule: 'Without any order before the cutoff.',
    transform: 'log1p',
    needs,
    settings,
    phrases: { low: 'bought over a short time', high: 'bought over a long time' },
    compile: (request) => ({
      aggregations: [purchaseDays(request, { first: 'min(purchase_day)', last: 'max(purchase_day)' })],
      values: { [request.column]: `${request.prefix}last - ${request.prefix}first` },
    }),
  },
  {
    name: 'observedAge',
    group: 'behaviour',
    meaning:
      'Days from the first day with an order to the last day before the as-of: the T of models of repeat buying.',
    unit: 'days',
    type: 'numeric',
    window: 'fixed',
    grows: true,
    nullRule: 'Without any order before the cutoff.',
    transform: 'none',
    needs,
    settings,
    phrases: { low: 'new', high: 'long-standing' },
    compile: (request) => ({
      aggregations: [purchaseDays(request, { first: 'min(purchase_day)' })],
      // The end is the first instant that is not over yet: the day it closes is the one before.
      values: {
        [request.column]: `${localDay(`make_timestamp(${epochUs(endOf(request))} - 1)`, request)} - ${request.prefix}first`,
      },
    }),
  },
  {
    name: 'meanRepeatSpend',
    group: 'value',
    meaning:
      'Mean spend of a calendar day with an order, the day of the first left out, and returns too: what the gamma-gamma model of spend reads.',
    unit: 'money',
    type: 'money',
    window: 'fixed',
    nullRule: 'Without a repeat purchase before the cutoff.',
    transform: 'log1p',
    needs,
    settings,
    phrases: { low: 'small repeat purchases', high: 'large repeat purchases' },
    compile: (request) => {
      const [days, spent, first] = ['days', 'spent', 'first'].map((name) => request.prefix + name)
      return {
        aggregations: [
          purchaseDays(request, {
            days: 'count(*)',
            spent: 'sum(day_spent)',
            // A day is there once: the smallest row is that of the first day.
            first: 'min(row(purchase_day, day_spent))',
          }),
        ],
        values: {
          [request.column]: `case when ${days} > 1 then cast(${spent} - ${first}[2] as double) / (${days} - 1) end`,
        },
      }
    },
  },
  {
    name: 'purchaseDays',
    group: 'behaviour',
    meaning: 'Calendar days with an order.',
    unit: 'count',
    type: 'count',
    window: 'any',
    nullRule: 'Never: 0 without an order in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'bought on few days', high: 'bought on many days' },
    compile: (request) => ({
      aggregations: [purchaseDays(request, { days: 'count(*)' })],
      values: { [request.column]: `coalesce(${request.prefix}days, 0)` },
    }),
  },
  {
    name: 'purchaseSpend',
    group: 'value',
    meaning: 'What all orders were worth, returns left out.',
    unit: 'money',
    type: 'money',
    window: 'any',
    nullRule: 'Never: 0 without an order in the window.',
    transform: 'log1p',
    needs,
    phrases: { low: 'little bought', high: 'much bought' },
    compile: (request) => ({
      aggregations: [purchaseDays(request, { spent: 'sum(day_spent)' })],
      values: { [request.column]: `coalesce(${request.prefix}spent, 0)` },
    }),
  },
]

/** One group a calendar day with an order: purchase_day, day_spent; those in the window and before the cutoff. */
function purchaseDays(request: FeatureRequest, aggregates: Readonly<Record<string, string>>): Aggregation {
  const { windowStart, settings: own } = request
  const limits = [
    ...(windowStart === null ? [] : [`instant_us >= ${epochUs(windowStart)}`]),
    ...(own.cutoff === undefined ? [] : [`instant_us < ${epochUs(endOf(request))}`]),
  ]
  return {
    of: 'orders',
    ...(limits.length === 0 ? {} : { where: limits.join(' and ') }),
    per: {
      by: { purchase_day: localDay('make_timestamp(instant_us)', request) },
      aggregates: { day_spent: 'sum(spent)' },
    },
    aggregates: Object.fromEntries(Object.entries(aggregates).map(([name, sql]) => [request.prefix + name, sql])),
  }
}

/** What is known ends here. */
function endOf({ asOf, startOf, settings: own }: FeatureRequest): string {
  return own.cutoff === undefined ? asOf : startOf(own.cutoff as string)
}

function localDay(instant: string, { timezone }: FeatureRequest): string {
  return `cast((${instant} at time zone 'UTC') at time zone ${quoteText(timezone)} as date)`
}
