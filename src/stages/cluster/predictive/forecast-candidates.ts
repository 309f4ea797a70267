import type { ModelCandidate } from '../model.ts'
import type { BackTest } from './back-test.ts'
import type { PredictiveParameters } from './parameters.ts'

/** What `fallback: ownGap` is called among candidates. */
const OWN_GAP = 'ownGap'

/** The forecast that was taken, with its evidence; and the naive one that it was tested against, when it was. */
export function forecastCandidates(
  { purchases, spend, note, backTest, horizonDays }: PredictiveParameters,
  clusterCount: number,
): readonly ModelCandidate[] {
  const { model, fit } = purchases
  const none = { clusterCount, silhouette: null, inertia: null, smallestShare: null }
  const ended =
    note ??
    `Both models converged, after ${fit.iterations} and ${spend.fit.iterations} steps, over ${fit.rowCount} customers.`
  const chosen = {
    ...none,
    method: fit.parameters ? model : OWN_GAP,
    chosen: true,
    logLikelihood: fit.logLikelihood,
    backTestError: backTest?.purchases.model.rootMeanSquare ?? null,
    reason: `${ended} ${testedWords(backTest, horizonDays)}`,
  }
  if (!backTest) return [chosen]
  return [
    chosen,
    {
      ...none,
      method: 'naive',
      chosen: false,
      backTestError: backTest.purchases.naive.rootMeanSquare,
      reason: 'Everybody goes on as before: what a forecast has to beat.',
    },
  ]
}

function testedWords(backTest: BackTest | null, horizonDays: number): string {
  if (!backTest)
    return 'Not tested: the pipeline has no features as they were before the horizon, or wants no back-test.'
  const { model, naive } = backTest.purchases
  const better = model.rootMeanSquare < naive.rootMeanSquare
  const errors = `${model.rootMeanSquare.toPrecision(3)} against ${naive.rootMeanSquare.toPrecision(3)} purchases a customer`
  const total = `${Math.round(model.expected)} purchases were expected, ${model.actual} happened`
  return `Over the last ${horizonDays} days it was ${better ? 'nearer' : 'no nearer'} than a naive forecast (${errors}); ${total}.`
}
