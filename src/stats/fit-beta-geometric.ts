import { betaAlive, deathLogOdds } from './beta-geometric.ts'
import type { BetaGeometricModel, BetaGeometricParameters, RepeatHistories } from './beta-geometric.ts'
import { collapseRows } from './collapse-rows.ts'
import { digamma, logGamma } from './log-gamma.ts'
import { minimise } from './minimise.ts'

/** Parameters beyond e^±9 of their natural scale say that the data does not determine them. */
const BOUND = 9
const TOLERANCE = 1e-8
const MAX_ITERATIONS = 300

/** `atBound`: the likelihood grows towards parameters without limit; `diverged`: it has no value there; `notConverged`: it ran out of steps. */
export type FitStatus = 'converged' | 'tooFew' | 'atBound' | 'diverged' | 'notConverged'

export interface LikelihoodFit<P> {
  readonly status: FitStatus
  /** Null unless converged. */
  readonly parameters: P | null
  /** Of all rows; null without a value. */
  readonly logLikelihood: number | null
  readonly iterations: number
  readonly rowCount: number
  /** Rows that tell something of the parameters: with a repeat. */
  readonly repeatRows: number
}

export interface BetaGeometricTask extends RepeatHistories {
  readonly model: BetaGeometricModel
  /** Fewer rows with a repeat are too few. */
  readonly leastRepeatRows: number
}

/**
 * Maximum likelihood in the logarithms of the parameters, over distinct rows in ascending order: the result does not depend on the order of rows.
 *
 * @param task rows that can have happened, see `findImpossible`
 */
export function fitBetaGeometric(task: BetaGeometricTask): LikelihoodFit<BetaGeometricParameters> {
  const rowCount = task.ages.length
  const repeatRows = task.repeats.reduce((count, x) => count + (x > 0 ? 1 : 0), 0)
  const none = { parameters: null, logLikelihood: null, iterations: 0, rowCount, repeatRows }
  if (repeatRows < Math.max(1, task.leastRepeatRows)) return { status: 'tooFew', ...none }
  const rows = collapseRows([task.repeats, task.ages, task.lastAges])
  const [repeats, ages, lastAges] = rows.columns as [Float64Array, Float64Array, Float64Array]
  const scale = meanOf(ages, rows.counts)
  if (!(scale > 0)) return { status: 'tooFew', ...none }
  const likelihood = likelihoodOf(task.model, { repeats, ages, lastAges }, rows.counts)
  const parametersAt = (point: Float64Array): BetaGeometricParameters => {
    const [r, alpha, a, b] = point.map(Math.exp) as unknown as readonly [number, number, number, number]
    return { r, alpha: alpha * scale, a, b }
  }
  // Per row, so that tolerances mean the same for any number of rows.
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    const parameters = parametersAt(point)
    const value = likelihood(parameters, gradient)
    const factors = [parameters.r, parameters.alpha, parameters.a, parameters.b]
    for (let i = 0; i < 4; i++) gradient[i]! *= -factors[i]! / rowCount
    return -value / rowCount
  }
  const { point, value, iterations, outcome } = minimise(evaluate, [0, 0, 0, 0], {
    ...{ tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS, bound: BOUND },
  })
  const status = statusOf(outcome)
  return {
    status,
    parameters: status === 'converged' ? parametersAt(point) : null,
    logLikelihood: Number.isFinite(value) ? -value * rowCount : null,
    iterations,
    rowCount,
    repeatRows,
  }
}

/** How a search for the largest likelihood ended. */
export function statusOf(outcome: ReturnType<typeof minimise>['outcome']): FitStatus {
  switch (outcome) {
    case 'converged':
      return 'converged'
    case 'beyondBound':
      return 'atBound'
    case 'notFinite':
      return 'diverged'
    case 'outOfIterations':
      return 'notConverged'
  }
}

function meanOf(values: Float64Array, counts: Float64Array): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * counts[i]!
    count += counts[i]!
  }
  return sum / count
}

/** @returns log-likelihood of rows sorted by repeats; it writes the derivatives by r, α, a and b */
function likelihoodOf(model: BetaGeometricModel, { repeats, ages, lastAges }: RepeatHistories, counts: Float64Array) {
  return (parameters: BetaGeometricParameters, gradient: Float64Array): number => {
    const { r, alpha, a, b } = parameters
    let [sum, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0]
    for (let i = 0; i < ages.length;) {
      const x = repeats[i]!
      const shape = r + x
      const alive = betaAlive(model, b, x)
      let group = 0
      for (; i < ages.length && repeats[i] === x; i++) {
        const count = counts[i]!
        const [late, lastly] = [alpha + ages[i]!, alpha + lastAges[i]!]
        const logOdds = deathLogOdds(model, parameters, x, lastAges[i]!, ages[i]!)
        const dead = 1 / (1 + Math.exp(-logOdds))
        const logLate = Math.log(late)
        sum += count * (softPlus(logOdds) - shape * logLate)
        byR += count * (dead * Math.log1p((ages[i]! - lastAges[i]!) / lastly) - logLate)
        byAlpha += count * shape * (dead * (1 / late - 1 / lastly) - 1 / late)
        byA += (count * dead) / a
        byB -= dead === 0 ? 0 : (count * dead) / (alive - 1)
        group += count
      }
      sum += group * (logGamma(shape) - logGamma(r) + r * Math.log(alpha) + logBetaRatio(a, b, alive))
      byR += group * (digamma(shape) - digamma(r) + Math.log(alpha))
      byAlpha += (group * r) / alpha
      byA += group * (digamma(a + b) - digamma(a + alive))
      byB += group * (digamma(alive) - digamma(a + alive) - digamma(b) + digamma(a + b))
    }
    gradient.set([byR, byAlpha, byA, byB])
    return sum
  }
}

/** ln B(a, alive) − ln B(a, b). */
function logBetaRatio(a: number, b: number, alive: number): number {
  return logGamma(alive) - logGamma(a + alive) - logGamma(b) + logGamma(a + b)
}

/** ln(1 + e^u). */
function softPlus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))
}
