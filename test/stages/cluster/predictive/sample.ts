import { clusterConfig } from '../../../../src/stages/cluster/config.ts'
import type { PredictiveConfig } from '../../../../src/stages/cluster/predictive/config.ts'
import type { PredictiveCalculations } from '../../../../src/stages/cluster/predictive/fit-models.ts'
import type { BuyingColumns } from '../../../../src/stages/cluster/predictive/customer-columns.ts'
import type { PredictiveSample } from '../../../../src/stages/cluster/predictive/fit.ts'
import { fitBetaGeometric } from '../../../../src/stats/fit-beta-geometric.ts'
import { fitGammaGamma } from '../../../../src/stats/fit-gamma-gamma.ts'
import { forecastPurchases } from '../../../../src/stats/forecast-purchases.ts'

/** In this thread. */
export const calculate: PredictiveCalculations = {
  fitBetaGeometric: (task) => Promise.resolve(fitBetaGeometric(task)),
  fitGammaGamma: (task) => Promise.resolve(fitGammaGamma(task)),
  forecastPurchases: (task) => Promise.resolve(forecastPurchases(task)),
}

export function configOf(settings: object = {}): PredictiveConfig {
  return clusterConfig.parse({ method: 'predictive', ...settings }) as PredictiveConfig
}

/** @param rows x, t_x, T, mean repeat spend; null: none */
export function columnsOf(rows: readonly (readonly (number | null)[])[]): BuyingColumns {
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at] ?? NaN)
  return { repeats: column(0), lastAges: column(1), ages: column(2), meanSpends: column(3) }
}

/** Without a look back. */
export function sampleOfRows(rows: readonly (readonly (number | null)[])[]): PredictiveSample {
  return { now: columnsOf(rows), recentPurchases: null, recentSpend: null, before: null }
}
