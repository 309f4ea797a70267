import type { BuyingForecast, BuyingForecastTask } from '../../stats/forecast-repeat-buying.ts'
import { peerColumns } from './catalogue/entry.ts'
import { historiesOf, valuesOfForecast } from './forecast-feature.ts'
import type { MadeFeature } from './made-feature.ts'
import { gapToPeers } from './peer-gap.ts'
import type { FeatureColumns } from './transform.ts'

/** The heavy arithmetic; it runs where it does not hold up heartbeats. */
export interface MakingCalculations {
  forecastRepeatBuying(task: BuyingForecastTask): Promise<BuyingForecast>
}

/**
 * Values of some customers, from the columns of `columnsToMake` and the figures alone. Features with the same models and span have one forecast.
 *
 * @returns one array a feature, NaN for null
 */
export async function makeValues(
  made: readonly MadeFeature[],
  columns: FeatureColumns,
  calculate: MakingCalculations,
): Promise<readonly Float64Array[]> {
  const forecasts = new Map<string, Promise<BuyingForecast>>()
  const values: Float64Array[] = []
  for (const { name, feature, by } of made) {
    if (by.kind === 'peers') {
      const { spend, category } = peerColumns(name)
      values.push(gapToPeers(columns[spend] as Float64Array, columns[category] as readonly (string | null)[], by.peers))
      continue
    }
    const { models, span } = by
    const key = JSON.stringify([models, span])
    const forecast =
      forecasts.get(key) ?? calculate.forecastRepeatBuying({ models, ...span, histories: historiesOf(columns) })
    forecasts.set(key, forecast)
    values.push(valuesOfForecast(feature, await forecast))
  }
  return values
}
