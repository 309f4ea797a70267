import { compareShares, type Interval } from '../stats/compare-shares.ts'
import { shareInterval } from '../stats/share-interval.ts'
import { studentQuantile } from '../stats/tails.ts'
import type { KpiMeasure } from './entry.ts'

const CONFIDENCE = 0.95

/** Sums over customers, as `compileKpis` gives them: exact. */
export interface KpiSums {
  readonly n: bigint
  readonly x: bigint
  readonly y: bigint
  readonly xx: bigint
  readonly xy: bigint
  readonly yy: bigint
}

export const noSums: KpiSums = { n: 0n, x: 0n, y: 0n, xx: 0n, xy: 0n, yy: 0n }

export function addSums(a: KpiSums, b: KpiSums): KpiSums {
  return combine(a, b, 1n)
}

/** @param b of customers who are among those of `a` */
export function subtractSums(a: KpiSums, b: KpiSums): KpiSums {
  return combine(a, b, -1n)
}

function combine(a: KpiSums, b: KpiSums, sign: bigint): KpiSums {
  return {
    n: a.n + sign * b.n,
    x: a.x + sign * b.x,
    y: a.y + sign * b.y,
    xx: a.xx + sign * b.xx,
    xy: a.xy + sign * b.xy,
    yy: a.yy + sign * b.yy,
  }
}

export interface Estimate {
  readonly value: number
  /** Null: of one customer, or of none whose amounts vary. */
  readonly interval: Interval | null
}

interface Spread {
  readonly value: number
  /** Of the value. */
  readonly variance: number
  readonly freedom: number
}

/**
 * A figure with its 95 % interval: Wilson's of a share; else Student's, of a ratio with the variance of its linearisation over customers
 * (Cochran 1977, 6.4), which for a mean is the usual one.
 *
 * @param scale what the sums of `x` are multiplied by to be in the unit of the figure
 * @returns null where there is nothing to divide by
 */
export function estimate({ kind }: Pick<KpiMeasure, 'kind'>, sums: KpiSums, scale = 1): Estimate | null {
  if (sums.y === 0n) return null
  const [x, y] = [Number(sums.x), Number(sums.y)]
  if (kind === 'share') return { value: x / y, interval: shareInterval(x, y) }
  const { value, variance, freedom } = spreadOf(sums, scale)
  if (!(freedom >= 1)) return { value, interval: null }
  return { value, interval: around(value, variance, freedom) }
}

/** How much more the one group has than the other, with its interval: Newcombe's of shares, else Welch's. @returns null: too few of either */
export function estimateDifference(
  { kind }: Pick<KpiMeasure, 'kind'>,
  group: KpiSums,
  rest: KpiSums,
  scale = 1,
): { readonly value: number; readonly interval: Interval } | null {
  if (group.y === 0n || rest.y === 0n) return null
  if (kind === 'share') {
    const tally = ({ x, y }: KpiSums) => ({ count: Number(x), size: Number(y) })
    const { difference, interval } = compareShares(tally(rest), tally(group), CONFIDENCE)
    return { value: difference, interval }
  }
  const [a, b] = [spreadOf(group, scale), spreadOf(rest, scale)]
  if (!(a.freedom >= 1 && b.freedom >= 1)) return null
  const value = a.value - b.value
  const variance = a.variance + b.variance
  // Welch 1947.
  const freedom = variance ** 2 / (a.variance ** 2 / a.freedom + b.variance ** 2 / b.freedom)
  return { value, interval: around(value, variance, freedom) }
}

function around(value: number, variance: number, freedom: number): Interval {
  if (!(variance > 0)) return { lower: value, upper: value }
  const half = studentQuantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(variance)
  return { lower: value - half, upper: value + half }
}

/** Residuals x − r·y have, times (Σy)², a whole sum of squares: nothing is lost where they cancel out. */
function spreadOf({ n, x, y, xx, xy, yy }: KpiSums, scale: number): Spread {
  const value = (Number(x) / Number(y)) * scale
  const squares = Number(xx * y * y - 2n * x * y * xy + x * x * yy) / Number(y) ** 2
  const customers = Number(n)
  const variance = ((customers / (customers - 1)) * Math.max(0, squares) * scale ** 2) / Number(y) ** 2
  return { value, variance, freedom: customers - 1 }
}
