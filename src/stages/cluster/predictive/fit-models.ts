import { ModelNotFitted } from '../../../errors/model-not-fitted.ts'
import { forecastNotes } from '../../../run/forecast-notes.ts'
import type {
  BuyingHistories,
  fitRepeatBuying,
  RepeatBuyingModels,
  RepeatBuyingTask,
} from '../../../stats/fit-repeat-buying.ts'
import type { BuyingForecast, BuyingForecastTask } from '../../../stats/forecast-repeat-buying.ts'
import type { PredictiveConfig } from './config.ts'

/** The heavy arithmetic; it runs where it does not hold up heartbeats. */
export interface PredictiveCalculations {
  fitRepeatBuying(task: RepeatBuyingTask): Promise<ReturnType<typeof fitRepeatBuying>>
  forecastRepeatBuying(task: BuyingForecastTask): Promise<BuyingForecast>
}

export interface FittedModels extends RepeatBuyingModels {
  readonly note: string | null
}

/**
 * Both models over customers who bought.
 *
 * @throws ModelNotFitted when one of them is not, and the pipeline wants a failure then
 */
export async function fitModels(
  histories: BuyingHistories,
  config: Pick<PredictiveConfig, 'model' | 'leastRepeatBuyers' | 'fallback'>,
  horizonDays: number,
  calculate: Pick<PredictiveCalculations, 'fitRepeatBuying'>,
): Promise<FittedModels> {
  const { model, leastRepeatBuyers: least } = config
  const models = await calculate.fitRepeatBuying({
    ...{ model, histories, leastRepeatRows: least, gapOtherwise: horizonDays },
  })
  const { purchases, spend } = models
  const notes = forecastNotes({
    ...{ model, purchases: purchases.fit.status, spend: spend.status },
    ...{ repeatBuyers: purchases.fit.repeatRows, spenders: spend.fit.rowCount, least },
  })
  if (notes.length > 0 && config.fallback === 'fail')
    throw new ModelNotFitted(
      `${notes.join(' ')} cluster.fallback is fail.`,
      'Set cluster.fallback to ownGap, lower cluster.leastRepeatBuyers, or give a longer history.',
    )
  return { ...models, note: notes.length === 0 ? null : notes.join(' ') }
}
