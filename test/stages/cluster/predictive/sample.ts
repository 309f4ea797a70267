import { clusterConfig } from '../../../../src/stages/cluster/config.ts'
import type { PredictiveConfig } from '../../../../src/stages/cluster/predictive/config.ts'
import type { PredictiveCalculations } from '../../../../src/stages/cluster/predictive/fit-models.ts'
import type { PredictiveSample } from '../../../../src/stages/cluster/predictive/fit.ts'
import { fitRepeatBuying } from '../../../../src/stats/fit-repeat-buying.ts'
import type { BuyingHistories } from '../../../../src/stats/fit-repeat-buying.ts'
import { forecastRepeatBuying } from '../../../../src/stats/forecast-repeat-buying.ts'

/** In this thread. */
export const calculate: PredictiveCalculations = {
  fitRepeatBuying: (task) => Promise.resolve(fitRepeatBuying(task)),
  forecastRepeatBuying: (task) => Promise.resolve(forecastRepeatBuying(task)),
}

export function configOf(settings: object = {}): PredictiveConfig {
  return clusterConfig.parse({ method: 'predictive', ...settings }) as PredictiveConfig
}

/** @param rows x, t_x, T, mean repeat spend; null: none */
export function columnsOf(rows: readonly (readonly (number | null)[])[]): BuyingHistories {
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at] ?? NaN)
  return { repeats: column(0), lastAges: column(1), ages: column(2), meanSpends: column(3) }
}

/** Without a look back. */
export function sampleOfRows(rows: readonly (readonly (number | null)[])[]): PredictiveSample {
  return { now: columnsOf(rows), recentPurchases: null, recentSpend: null, before: null }
}
