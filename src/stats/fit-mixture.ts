import { bayesianInformation, logDensityOf, prepareMixture } from './mixture.ts'
import type { Mixture, PreparedMixture } from './mixture.ts'
import { MixtureSums } from './mixture-sums.ts'
import { momentsOf } from './moments.ts'

export interface MixtureRequest {
  /** Shape (rows, dimensions), row-major, at least one row. */
  readonly values: Float64Array
  readonly dimensions: number
  /** Partitions to start from, at least one: labels 0 to componentCount − 1. */
  readonly starts: readonly Int32Array[]
  readonly componentCount: number
  /** No variance of a component falls below this share of the variance of all rows. */
  readonly varianceFloor: number
  /** The fit has converged when the mean log-likelihood of a row gains less. */
  readonly tolerance: number
  readonly maxIterations: number
}

/**
 * What is wrong with a fit. `point`: the variances of a component fell to the floor in all dimensions that vary. `lost`: a component has
 * less than one row. `diverged`: the likelihood is not finite, or fell.
 */
export type MixtureFault = 'point' | 'lost' | 'diverged'

export interface FittedMixture {
  readonly mixture: Mixture
  /** Most probable component, the first of equals. */
  readonly labels: Int32Array
  /** Of all rows together, under `mixture`. */
  readonly logLikelihood: number
  /** Bayesian information criterion, lower is better. Dimensions that do not vary have no free parameters. */
  readonly bic: number
  readonly iterations: number
  readonly converged: boolean
  /** Null when nothing is. With a fault the other fields are what the fit had come to. */
  readonly fault: MixtureFault | null
}

/** What a likelihood may fall by, relative to itself, for rounding. */
const ROUNDING = 1e-9
/** Steps after which only the best of several starts goes on. */
const SHORT_STEPS = 10
/** Few enough to stay in the cache of a core. */
const ROWS_AT_A_TIME = 256

/**
 * Expectation–maximisation (Dempster, Laird & Rubin 1977) from hard partitions, in steps as scikit-learn's GaussianMixture takes them with
 * `covariance_type='diag'`. Instead of adding to variances, they are held at a floor, which is where the likelihood under that bound is
 * largest; so it never falls. Of several starts the one that is most likely after a few steps goes on (Biernacki, Celeux & Govaert 2003).
 * One thread, rows in order. A dimension that does not vary has variance 1 and tells no components apart.
 */
export function fitMixture(request: MixtureRequest): FittedMixture & { readonly start: number } {
  const { values, dimensions, starts, componentCount, varianceFloor, maxIterations } = request
  const rowCount = values.length / dimensions
  const total = columnVariances(values, dimensions)
  const bounds: Bounds = {
    floors: total.map((variance) => (variance > 0 ? varianceFloor * variance : 1)),
    varying: Array.from(total.keys()).filter((j) => total[j]! > 0),
  }
  const sums = new MixtureSums(componentCount, dimensions)
  const begun = starts.map((labels) => maximiseHard(values, labels, sums, bounds))
  const shortSteps = Math.min(SHORT_STEPS, maxIterations)
  const tried = starts.length > 1 ? begun.map((state) => climb(state, shortSteps, request, sums, bounds)) : begun
  let start = 0
  tried.forEach((state, i) => {
    const best = tried[start]!
    if (!state.fault && (best.fault || state.mean > best.mean)) start = i
  })
  const { mixture, iterations, converged, fault } = climb(tried[start]!, maxIterations, request, sums, bounds)
  const labelled = labelRows(mixture, values)
  const parameterCount = componentCount - 1 + 2 * componentCount * bounds.varying.length
  const bic = bayesianInformation(labelled.logLikelihood, parameterCount, rowCount)
  return { mixture, ...labelled, bic, iterations, converged, fault, start }
}

/** Of the dimensions. */
interface Bounds {
  readonly floors: Float64Array
  readonly varying: readonly number[]
}

interface Climbing {
  readonly mixture: Mixture
  /** Log-likelihood of a row under the mixture before this one. */
  readonly mean: number
  readonly iterations: number
  readonly converged: boolean
  readonly fault: MixtureFault | null
}

function maximiseHard(values: Float64Array, labels: Int32Array, sums: MixtureSums, bounds: Bounds): Climbing {
  const { floors } = bounds
  const dimensions = values.length / labels.length
  sums.begin(sums.first.map(() => 0))
  // Once for the means, once around them.
  for (let pass = 0; pass < 2; pass++) {
    if (pass > 0) sums.begin(sums.mixture(floors, labels.length).means)
    labels.forEach((label, row) => sums.add(label, 1, values, row * dimensions))
  }
  const mixture = sums.mixture(floors, labels.length)
  const fault = faultOf(mixture, bounds, labels.length)
  return { mixture, mean: -Infinity, iterations: 0, converged: false, fault }
}

function climb(
  from: Climbing,
  maxIterations: number,
  { values, dimensions, tolerance }: MixtureRequest,
  sums: MixtureSums,
  bounds: Bounds,
): Climbing {
  const rowCount = values.length / dimensions
  let { mixture, mean, iterations, converged, fault } = from
  while (!fault && !converged && iterations < maxIterations) {
    const before = mean
    mean = expect(prepareMixture(mixture), values, sums, mixture.means) / rowCount
    iterations += 1
    if (!Number.isFinite(mean) || mean < before - ROUNDING * Math.abs(before)) {
      fault = 'diverged'
      break
    }
    mixture = sums.mixture(bounds.floors, rowCount)
    fault = faultOf(mixture, bounds, rowCount)
    converged = mean - before < tolerance
  }
  return { mixture, mean, iterations, converged, fault }
}

/** Population variances; exactly 0 for a column that does not vary. */
export function columnVariances(values: Float64Array, dimensions: number): Float64Array {
  const rowCount = values.length / dimensions
  const column = new Float64Array(rowCount)
  return Float64Array.from({ length: dimensions }, (_, j) => {
    for (let row = 0; row < rowCount; row++) column[row] = values[row * dimensions + j]!
    return column.every((value) => value === column[0]) ? 0 : momentsOf(column).squaredDeviations / rowCount
  })
}

/** Shares every row out to the components and adds them up. @returns the log-likelihood of all rows */
function expect(prepared: PreparedMixture, values: Float64Array, sums: MixtureSums, means: Float64Array): number {
  const { dimensions, offsets } = prepared
  const squares = new Float64Array(offsets.length)
  const joint = new Float64Array(offsets.length)
  const powers = new Float64Array(offsets.length)
  sums.begin(means)
  let logLikelihood = 0
  const rows = new SharedOutRows(offsets.length)
  for (let at = 0; at < values.length; at += dimensions) {
    const logDensity = logDensityOf(prepared, values, at, squares, joint, powers)
    logLikelihood += logDensity
    if (logDensity > -Infinity) rows.add(at, powers)
    if (rows.isFull) rows.flush(sums, values)
  }
  rows.flush(sums, values)
  return logLikelihood
}

/** Rows that wait to be added up, by component. */
class SharedOutRows {
  private readonly starts: Int32Array
  private readonly shares: Float64Array
  private readonly counts: Int32Array
  private added = 0

  constructor(componentCount: number) {
    this.starts = new Int32Array(componentCount * ROWS_AT_A_TIME)
    this.shares = new Float64Array(componentCount * ROWS_AT_A_TIME)
    this.counts = new Int32Array(componentCount)
  }

  get isFull(): boolean {
    return this.added === ROWS_AT_A_TIME
  }

  /** @param powers of the components, relative to one another; those of 0 get nothing */
  add(start: number, powers: Float64Array): void {
    const { starts, shares, counts } = this
    let total = 0
    for (let component = 0; component < powers.length; component++) total += powers[component]!
    for (let component = 0; component < powers.length; component++) {
      const power = powers[component]!
      if (power === 0) continue
      const at = component * ROWS_AT_A_TIME + counts[component]!
      starts[at] = start
      shares[at] = power / total
      counts[component]! += 1
    }
    this.added += 1
  }

  flush(sums: MixtureSums, values: Float64Array): void {
    this.counts.forEach((count, component) => {
      const from = component * ROWS_AT_A_TIME
      sums.addRows(component, from, from + count, this.starts, this.shares, values)
    })
    this.counts.fill(0)
    this.added = 0
  }
}

/** Most probable components of rows, the first of equals, and the log-likelihood of all rows together. */
export function labelRows(mixture: Mixture, values: Float64Array): Pick<FittedMixture, 'labels' | 'logLikelihood'> {
  const prepared = prepareMixture(mixture)
  const { dimensions, offsets } = prepared
  const squares = new Float64Array(offsets.length)
  const joint = new Float64Array(offsets.length)
  const powers = new Float64Array(offsets.length)
  const labels = new Int32Array(values.length / dimensions)
  let logLikelihood = 0
  for (let row = 0; row < labels.length; row++) {
    logLikelihood += logDensityOf(prepared, values, row * dimensions, squares, joint, powers)
    let best = 0
    for (let component = 1; component < joint.length; component++)
      if (joint[component]! > joint[best]!) best = component
    labels[row] = best
  }
  return { labels, logLikelihood }
}

function faultOf(
  { dimensions, weights, variances, means }: Mixture,
  { floors, varying }: Bounds,
  rowCount: number,
): MixtureFault | null {
  // Not a number either when it has no rows at all.
  if (weights.some((weight) => !(weight * rowCount >= 1 - ROUNDING))) return 'lost'
  if (!means.every(Number.isFinite) || !variances.every(Number.isFinite)) return 'diverged'
  const isPoint = (component: number): boolean =>
    varying.every((j) => variances[component * dimensions + j]! <= floors[j]!)
  return weights.some((_, component) => isPoint(component)) ? 'point' : null
}
