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

export interface LikelihoodProblem<P> extends Pick<LikelihoodFit<P>, 'rowCount' | 'repeatRows'> {
  /** Natural scale of each parameter, all above 0. */
  readonly scales: readonly number[]
  /** Where the search begins, as multiples of the scales. */
  readonly start: readonly number[]
  parametersOf(values: readonly number[]): P
  /** Of all rows; it writes the derivatives by the parameters, in the order of the scales. */
  logLikelihood(parameters: P, gradient: Float64Array): number
}

/** Parameters above 0 of the largest likelihood, searched for by their logarithms. */
export function maximiseLikelihood<P>(problem: LikelihoodProblem<P>): LikelihoodFit<P> {
  const { rowCount, repeatRows, scales, start } = problem
  const valuesAt = (point: Float64Array): readonly number[] => scales.map((scale, i) => Math.exp(point[i]!) * scale)
  // Per row, so that tolerances mean the same for any number of rows.
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    const values = valuesAt(point)
    const value = problem.logLikelihood(problem.parametersOf(values), gradient)
    values.forEach((factor, i) => (gradient[i]! *= -factor / rowCount))
    return -value / rowCount
  }
  const { point, value, iterations, outcome } = minimise(evaluate, start.map(Math.log), {
    ...{ tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS, bound: BOUND },
  })
  const status = statusOf(outcome)
  return {
    status,
    parameters: status === 'converged' ? problem.parametersOf(valuesAt(point)) : null,
    logLikelihood: Number.isFinite(value) ? -value * rowCount : null,
    ...{ iterations, rowCount, repeatRows },
  }
}

/** Nothing is searched for. */
export function notEnoughRows(rowCount: number, repeatRows: number): LikelihoodFit<never> {
  return { status: 'tooFew', parameters: null, logLikelihood: null, iterations: 0, rowCount, repeatRows }
}

function statusOf(outcome: ReturnType<typeof minimise>['outcome']): FitStatus {
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
