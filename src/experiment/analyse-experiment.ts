import { adjustByBenjaminiHochberg, adjustByHolm } from '../stats/adjust-p-values.ts'
import { goodnessOfFit } from '../stats/goodness-of-fit.ts'
import { compareEstimates, compareOddsRatios } from '../stats/homogeneity.ts'
import { compareArms, type ArmComparison } from './compare-arms.ts'
import type { AdjustedComparison, Effect } from './effect.ts'
import { judgeEffect } from './judge-effect.ts'
import { kindOf, type MetricValues, type Outcomes } from './outcomes.ts'

/** Arms whose sizes come about by chance once in a thousand times are not the arms that were drawn (Fabijan et al. 2019). */
const MISMATCH_BELOW = 0.001

export interface AnalysisOptions {
  /** Name of the arm that the others are compared with. */
  readonly control: string
  /** What was meant for each arm, in the order of `armNames`. Only their proportions matter. */
  readonly shares: readonly number[]
  readonly alpha: number
  readonly correction: 'holm' | 'benjamini-hochberg'
  /** Smallest difference that matters, of every metric in its own unit. Null: nobody said. */
  readonly minimumEffect: number | null
  readonly resamples: number
  readonly seed: number
}

export interface ExperimentAnalysis {
  readonly control: string
  readonly arms: readonly { readonly name: string; readonly customers: number; readonly share: number }[]
  readonly sampleRatio: { readonly chiSquare: number; readonly p: number; readonly isMismatch: boolean }
  readonly alpha: number
  readonly correction: AnalysisOptions['correction']
  readonly effects: readonly Effect[]
}

/**
 * Judges an experiment: first whether its arms are what was drawn, then every metric of every arm against the control, overall and by segment.
 * Comparisons overall are one family of looks, those of segments another.
 *
 * @param outcomes of at least two arms, the control among them
 */
export function analyseExperiment(outcomes: Outcomes, options: AnalysisOptions): ExperimentAnalysis {
  const { armNames, arms } = outcomes
  const { alpha, control, correction } = options
  const counts = armNames.map((_, arm) => arms.reduce((count, of) => count + (of === arm ? 1 : 0), 0))
  const { chiSquare, p } = goodnessOfFit(counts, options.shares)
  const isMismatch = p < MISMATCH_BELOW
  const found = outcomes.metrics.flatMap((metric) =>
    armNames.flatMap((arm, at) => (arm === control ? [] : [compareOne(outcomes, metric, at, options)])),
  )
  const overall = adjust(
    correction,
    found.map((one) => one.overall),
  )
  const bySegment = adjust(
    correction,
    found.flatMap((one) => one.segments.map(({ comparison }) => comparison)),
  )
  let taken = 0
  const effects = found.map((one, at): Effect => {
    const segments = one.segments.map(({ segment }) => ({ segment, comparison: bySegment[taken++]! }))
    const effect = { ...one, overall: overall[at]!, segments }
    return { ...effect, verdict: judgeEffect(effect, { alpha, isMismatch, minimumEffect: options.minimumEffect }) }
  })
  const whole = options.shares.reduce((sum, share) => sum + share, 0)
  return {
    control,
    arms: armNames.map((name, at) => ({ name, customers: counts[at]!, share: options.shares[at]! / whole })),
    sampleRatio: { chiSquare, p, isMismatch },
    alpha,
    correction,
    effects,
  }
}

function compareOne(outcomes: Outcomes, metric: MetricValues, arm: number, options: AnalysisOptions) {
  const controlAt = outcomes.armNames.indexOf(options.control)
  const kind = kindOf(metric)
  const rows: number[] = []
  let missing = 0
  outcomes.arms.forEach((of, row) => {
    if (of !== arm && of !== controlAt) return
    if (Number.isNaN(metric.values[row]!)) missing += 1
    else rows.push(row)
  })
  const compareOptions = { confidence: 1 - options.alpha, resamples: options.resamples, seed: options.seed }
  const compare = (of: readonly number[]): ArmComparison | null =>
    compareArms(
      {
        kind,
        sides: Int32Array.from(of, (row) => (outcomes.arms[row] === arm ? 1 : 0)),
        values: Float64Array.from(of, (row) => metric.values[row]!),
        before: metric.before && filled(Float64Array.from(of, (row) => metric.before![row]!)),
      },
      compareOptions,
    )
  const segments =
    outcomes.segmentNames.length < 2
      ? []
      : outcomes.segmentNames.map((segment, at) => ({
          segment,
          comparison: compare(rows.filter((row) => outcomes.segments[row] === at)),
        }))
  const known = segments.flatMap(({ comparison }) => (comparison ? [comparison] : []))
  // Odds for shares as counted; differences where they are of means, or were adjusted.
  const interaction =
    kind === 'share' && metric.before === null
      ? compareOddsRatios(known.map(({ tallies }) => tallies!))
      : compareEstimates(known.map(({ difference, standardError }) => ({ value: difference, standardError })))
  return {
    metric: metric.name,
    kind,
    arm: outcomes.armNames[arm]!,
    missing,
    overall: compare(rows),
    segments,
    interaction,
  }
}

/** Who has no history is put at the mean: that neither helps nor harms. */
function filled(before: Float64Array): Float64Array {
  const known = before.filter((value) => !Number.isNaN(value))
  const mean = known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length
  return before.map((value) => (Number.isNaN(value) ? mean : value))
}

function adjust(
  correction: AnalysisOptions['correction'],
  comparisons: readonly (ArmComparison | null)[],
): readonly (AdjustedComparison | null)[] {
  const ps = comparisons.flatMap((one) => (one ? [one.p] : []))
  const adjusted = correction === 'holm' ? adjustByHolm(ps) : adjustByBenjaminiHochberg(ps)
  let taken = 0
  return comparisons.map((one) => one && { ...one, adjustedP: adjusted[taken++]! })
}
