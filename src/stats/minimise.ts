/** Of the sufficient decrease (Armijo). */
const DECREASE = 1e-4
/** A coordinate moves at most so far in a step. */
const LONGEST_STEP = 2
const HALVINGS = 40

export interface MinimiseOptions {
  /** Ends where no partial derivative is larger. */
  readonly tolerance: number
  readonly maxIterations: number
  /** Ends as soon as a coordinate has gone beyond ± this. */
  readonly bound: number
}

export interface Minimum {
  readonly point: Float64Array
  readonly value: number
  readonly iterations: number
  /** Largest partial derivative. */
  readonly slope: number
  readonly outcome: 'converged' | 'beyondBound' | 'notFinite' | 'outOfIterations'
}

/**
 * A local minimum of a smooth function of a few variables: the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal &
 * Wright 2006, algorithm 6.1) with halved steps. Deterministic.
 *
 * @param evaluate value at a point; writes its partial derivatives into `gradient`
 */
export function minimise(
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
  start: readonly number[],
  { tolerance, maxIterations, bound }: MinimiseOptions,
): Minimum {
  const n = start.length
  let point = Float64Array.from(start)
  let gradient = new Float64Array(n)
  let value = evaluate(point, gradient)
  let inverse = identity(n)
  let isFresh = true
  const end = (outcome: Minimum['outcome'], iterations: number): Minimum => {
    return { point, value, iterations, slope: largest(gradient), outcome }
  }
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) return end('notFinite', iteration)
    if (largest(point) > bound) return end('beyondBound', iteration)
    if (largest(gradient) <= tolerance) return end('converged', iteration)
    const next = stepDown(evaluate, point, value, gradient, directionOf(inverse, gradient))
    if (next === null) {
      // No digits are left to go down by: the end of the road, unless the curvature was wrong.
      if (isFresh) return end(largest(gradient) <= Math.sqrt(tolerance) ? 'converged' : 'outOfIterations', iteration)
      inverse = identity(n)
      isFresh = true
      continue
    }
    isFresh = !updateInverse(inverse, point, gradient, next, isFresh)
    ;({ point, value, gradient } = next)
  }
  return end('outOfIterations', maxIterations)
}

interface Step {
  readonly point: Float64Array<ArrayBuffer>
  readonly value: number
  readonly gradient: Float64Array<ArrayBuffer>
}

function stepDown(
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
  point: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): Step | null {
  let length = Math.min(1, LONGEST_STEP / largest(direction))
  const slope = dot(gradient, direction)
  for (let halving = 0; halving < HALVINGS; halving++, length /= 2) {
    const to = point.map((at, i) => at + length * direction[i]!)
    const there = new Float64Array(point.length)
    const reached = evaluate(to, there)
    if (reached < value && reached <= value + DECREASE * length * slope)
      return { point: to, value: reached, gradient: there }
  }
  return null
}

/** H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ; scaled by sᵀy ÷ yᵀy first when H is the identity. Left alone where the curvature is not positive. */
function updateInverse(
  inverse: Float64Array,
  point: Float64Array,
  gradient: Float64Array,
  next: Step,
  isFresh: boolean,
): boolean {
  const n = point.length
  const s = next.point.map((to, i) => to - point[i]!)
  const y = next.gradient.map((to, i) => to - gradient[i]!)
  const curvature = dot(s, y)
  if (!(curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return false
  if (isFresh) inverse.set(identity(n).map((one) => (one * curvature) / dot(y, y)))
  const hy = productOf(inverse, y)
  const factor = (1 + dot(y, hy) / curvature) / curvature
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      inverse[i * n + j]! += factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / curvature
  return true
}

function directionOf(inverse: Float64Array, gradient: Float64Array): Float64Array {
  const direction = productOf(inverse, gradient).map((value) => -value)
  return dot(direction, gradient) < 0 ? direction : gradient.map((value) => -value)
}

function productOf(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length
  return vector.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), vector))
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
