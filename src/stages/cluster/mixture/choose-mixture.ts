import type { FittedMixture, MixtureFault } from '../../../stats/fit-mixture.ts'
import { quantileSorted } from '../../../stats/quantile.ts'
import type { ModelCandidate } from '../model.ts'
import type { MixtureParameters } from './parameters.ts'

/** Customers in places less dense than this share of the fitted sample are outliers. */
const OUTLIER_SHARE = 0.005

/** One count of clusters, fitted: by the mixture, or by k-means where that failed. */
export interface FittedComponents extends Pick<FittedMixture, 'mixture' | 'labels' | 'logLikelihood' | 'bic'> {
  /** What was wrong with the mixture; null: nothing, this is it. */
  readonly fault: MixtureFault | null
  readonly iterations: number
  readonly converged: boolean
  readonly seed: number
  /** Of the k-means start. */
  readonly inertia: number
  readonly silhouette: number
}

const REASONS: Readonly<Record<MixtureFault, string>> = {
  point: 'a cluster shrank to customers who are alike in every feature, whose variance has no lower end',
  lost: 'a cluster lost its customers to the others',
  diverged: 'the likelihood did not stay finite, or fell',
}

export interface MixtureRules {
  /** Clusters of the live mixture; null without one. */
  readonly previousCount: number | null
  /** By how much the criterion of a customer has to be lower than that of the previous count. */
  readonly margin: number
}

/**
 * The fit with the lowest BIC, of equals the smallest count, and all of them as evidence. The previous count stays, unless the criterion falls
 * by more than the margin for each customer of the sample.
 */
export function chooseMixture(
  fits: readonly FittedComponents[],
  { previousCount, margin }: MixtureRules,
): {
  fit: FittedComponents
  candidates: readonly ModelCandidate[]
} {
  let lowest = 0
  fits.forEach(({ bic }, i) => {
    if (bic < fits[lowest]!.bic) lowest = i
  })
  const previous = fits.findIndex((fit) => sizesOf(fit).filter((size) => size > 0).length === previousCount)
  const gain = (from: number, to: number): number => (fits[from]!.bic - fits[to]!.bic) / fits[from]!.labels.length
  const best = previous >= 0 && !(gain(previous, lowest) > margin) ? previous : lowest
  const reasonOf = (i: number): string => {
    if (i !== best)
      return `Its BIC is ${gain(i, best) < 0 ? 'lower' : 'higher'} by ${Math.abs(gain(i, best)).toPrecision(3)} a customer.`
    return best === lowest
      ? 'Chosen: the lowest BIC.'
      : `Kept, as the live model has it: the lowest BIC is lower by only ${gain(best, lowest).toPrecision(3)} a customer; the margin is ${margin}.`
  }
  const candidates = fits.map((fit, i): ModelCandidate => {
    const sizes = sizesOf(fit).filter((size) => size > 0)
    return {
      method: fit.fault ? 'kmeans' : 'mixture',
      clusterCount: sizes.length,
      silhouette: fit.silhouette,
      inertia: fit.inertia,
      smallestShare: Math.min(...sizes) / fit.labels.length,
      bic: fit.bic,
      logLikelihood: fit.logLikelihood,
      chosen: i === best,
      reason: reasonOf(i),
    }
  })
  return { fit: fits[best]!, candidates }
}

/**
 * Numbers components from the largest to the smallest of the sample, equal sizes by their means. Those that are nobody's most probable one are
 * left out, which changes no customer's cluster.
 */
export function numberComponents(fit: FittedComponents): Omit<MixtureParameters, 'outlierLogDensity'> {
  const { mixture, fault } = fit
  const { dimensions, weights } = mixture
  const sizes = sizesOf(fit)
  const rowOf = (values: Float64Array, component: number): readonly number[] =>
    Array.from(values.subarray(component * dimensions, (component + 1) * dimensions))
  const order = Array.from(weights.keys())
    .filter((component) => sizes[component]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || compare(rowOf(mixture.means, a), rowOf(mixture.means, b)))
  const total = order.reduce((sum, component) => sum + weights[component]!, 0)
  return {
    method: 'mixture',
    fittedBy: fault ? 'kmeans' : 'mixture',
    fallbackReason: fault && REASONS[fault],
    weights: order.map((component) => weights[component]! / total),
    means: order.map((component) => rowOf(mixture.means, component)),
    variances: order.map((component) => rowOf(mixture.variances, component)),
    seed: fit.seed,
    iterations: fit.iterations,
    converged: fit.converged,
    logLikelihood: fit.logLikelihood,
    bic: fit.bic,
  }
}

/** @param logDensities of the sample's customers, any order */
export function outlierLogDensity(logDensities: Float64Array): number {
  return quantileSorted(logDensities.toSorted(), OUTLIER_SHARE)
}

function sizesOf({ mixture, labels }: FittedComponents): readonly number[] {
  const sizes = new Array<number>(mixture.weights.length).fill(0)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j]! - b[j]!
  return 0
}
