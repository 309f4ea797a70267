import { logGamma } from './log-gamma.ts'

const EPSILON = 2 ** -53
const MOST_TERMS = 100_000

/**
 * Regularised upper incomplete gamma function Q(a, x): the series of Abramowitz & Stegun 1964, 6.5.29, below a + 1, Lentz's continued fraction
 * (Press et al. 2007, 6.2.7) from there.
 *
 * @param a above 0
 * @param x at least 0
 */
export function upperGammaShare(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x)
}

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * EPSILON; n++) sum += term *= x / (a + n)
  return sum
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Infinity
  let d = 1 / b
  let value = d
  for (let n = 1; n < MOST_TERMS; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    value *= c * d
    if (Math.abs(c * d - 1) <= 2 * EPSILON) break
  }
  return value
}
