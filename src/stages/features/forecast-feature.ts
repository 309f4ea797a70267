import { forecastNotes } from '../../run/forecast-notes.ts'
import { dailyRate, daysOf } from '../../run/time-span.ts'
import type { BuyingHistories, RepeatBuyingModels, RepeatBuyingTask } from '../../stats/fit-repeat-buying.ts'
import type { BuyingForecast, BuyingForecastTask } from '../../stats/forecast-repeat-buying.ts'
import { historyColumns } from './catalogue/entry.ts'
import type { FeatureSpec } from './config.ts'

/** Customers that the models are fitted on: as many as the method `predictive` takes, and the same ones. */
export const FITTED_CUSTOMERS = 500_000
/** Days between purchases that are assumed when nobody came back yet. */
const TYPICAL_GAP_DAYS = 90
/** Of features that do not look so far, so that all have one forecast. */
const [ANY_HORIZON, ANY_LIFETIME, ANY_DISCOUNT] = ['90 days', '3 years', 0.1]

/** What makes values of what is known of customers' purchases, fitted over all of them. */
export interface ForecastFigures {
  readonly kind: 'forecast'
  readonly models: RepeatBuyingModels
  /** Days, and a rate a day. */
  readonly span: Pick<BuyingForecastTask, 'horizon' | 'lifetime' | 'discountRate'>
  /** What was done in place of a fitted model, for people; null: nothing was. */
  readonly note: string | null
}

/** Names of the columns that the models read, in the order of `historiesOf`. */
export const historyNames: readonly string[] = [
  historyColumns.repeatPurchases,
  historyColumns.purchaseAge,
  historyColumns.observedAge,
  historyColumns.meanRepeatSpend,
]

export function historiesOf(columns: Readonly<Record<string, unknown>>): BuyingHistories {
  const [repeats, lastAges, ages, meanSpends] = historyNames.map((name) => columns[name] as Float64Array)
  return { repeats: repeats!, lastAges: lastAges!, ages: ages!, meanSpends: meanSpends! }
}

/** How the models of a feature are fitted. */
export function fitTaskOf({ settings }: Pick<FeatureSpec, 'settings'>): Omit<RepeatBuyingTask, 'histories'> {
  return {
    model: settings.model as RepeatBuyingTask['model'],
    leastRepeatRows: settings.leastRepeatBuyers as number,
    gapOtherwise: TYPICAL_GAP_DAYS,
  }
}

export function forecastFigures(
  { settings }: Pick<FeatureSpec, 'settings'>,
  models: RepeatBuyingModels,
): ForecastFigures {
  const { purchases, spend } = models
  const notes = forecastNotes({
    ...{ model: purchases.model, purchases: purchases.fit.status, spend: spend.status },
    ...{ repeatBuyers: purchases.fit.repeatRows, spenders: spend.fit.rowCount },
    least: settings.leastRepeatBuyers as number,
  })
  return {
    kind: 'forecast',
    models,
    span: {
      horizon: daysOf((settings.horizon ?? ANY_HORIZON) as string),
      lifetime: daysOf((settings.lifetime ?? ANY_LIFETIME) as string),
      discountRate: dailyRate((settings.discount ?? ANY_DISCOUNT) as number),
    },
    note: notes.length === 0 ? null : notes.join(' '),
  }
}

const values: Readonly<Record<string, (forecast: BuyingForecast) => Float64Array>> = {
  pAlive: ({ alive }) => alive,
  expectedPurchases: ({ purchases }) => purchases,
  expectedSpend: ({ purchases, spend }) => purchases.map((expected, row) => expected * spend[row]!),
  lifetimeValue: ({ lifetimePurchases, spend }) => lifetimePurchases.map((expected, row) => expected * spend[row]!),
}

/** @param feature its name in the catalogue */
export function valuesOfForecast(feature: string, forecast: BuyingForecast): Float64Array {
  return values[feature]!(forecast)
}
