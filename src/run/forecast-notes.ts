/** How a model of repeat buying or spend was fitted, as far as words go. */
export interface ForecastFit {
  readonly model: 'bgNbd' | 'mbgNbd'
  readonly purchases: FitEnd
  readonly spend: FitEnd | 'meanUndefined'
  /** Customers with a repeat purchase, and those whose repeat purchases were worth something. */
  readonly repeatBuyers: number
  readonly spenders: number
  /** That were wanted of them. */
  readonly least: number
}
type FitEnd = 'converged' | 'tooFew' | 'atBound' | 'diverged' | 'notConverged'

export const forecastModelNames = { bgNbd: 'BG/NBD', mbgNbd: 'MBG/NBD' } as const

/** What was done in place of a model that could not be fitted, one sentence each; none: both were. */
export function forecastNotes(fit: ForecastFit): readonly string[] {
  const { model, purchases, spend, repeatBuyers, spenders, least } = fit
  const name = forecastModelNames[model]
  return [
    ...(purchases === 'converged'
      ? []
      : [
          `${name} was not fitted: ${whyNot(purchases, repeatBuyers, least)}. Forecasts follow the own gap between purchases instead.`,
        ]),
    ...(spend === 'converged'
      ? []
      : [`Gamma-gamma was not fitted: ${whyNot(spend, spenders, least)}. A purchase counts the own mean instead.`]),
  ]
}

function whyNot(end: Exclude<FitEnd, 'converged'> | 'meanUndefined', repeatBuyers: number, least: number): string {
  switch (end) {
    case 'tooFew':
      return `${repeatBuyers} customers came back, and at least ${least} are wanted`
    case 'atBound':
      return 'its likelihood grows without an end, as when customers are too much alike'
    case 'diverged':
      return 'its likelihood has no value over these customers'
    case 'notConverged':
      return 'the search for its largest likelihood did not come to an end'
    case 'meanUndefined':
      return 'its mean over all customers is infinite'
  }
}
