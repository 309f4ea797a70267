import { dipOf } from './dip.ts'

/** Shares of uniform samples whose dip is at most a quantile. */
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]

/**
 * Sample size → quantiles of √n × dip at `SHARES`. Simulated with `dipOf` and `uniformDraws(n)`: 200,000 samples of 5, 10 and 20 values,
 * 100,000 of 50 to 200, and 50,000, 40,000, 30,000 and 20,000 of the rest. From 5,000 values on they hardly change.
 */
// prettier-ignore
const QUANTILES: readonly (readonly [size: number, quantiles: readonly number[]])[] = [
  [5, [0.2236, 0.2236, 0.2236, 0.2236, 0.2236, 0.2236, 0.2430, 0.2717, 0.3000, 0.3289, 0.3601, 0.3950, 0.4166, 0.4327, 0.4394, 0.4430, 0.4454, 0.4463]],
  [10, [0.1926, 0.2057, 0.2271, 0.2468, 0.2697, 0.2856, 0.2983, 0.3092, 0.3232, 0.3478, 0.3757, 0.4124, 0.4416, 0.4771, 0.5047, 0.5277, 0.5537, 0.5715]],
  [20, [0.2123, 0.2195, 0.2356, 0.2538, 0.2776, 0.2955, 0.3115, 0.3281, 0.3474, 0.3690, 0.3956, 0.4349, 0.4703, 0.5119, 0.5408, 0.5672, 0.5974, 0.6198]],
  [50, [0.2219, 0.2321, 0.2493, 0.2663, 0.2901, 0.3094, 0.3273, 0.3455, 0.3652, 0.3877, 0.4159, 0.4590, 0.4962, 0.5415, 0.5741, 0.6014, 0.6421, 0.6668]],
  [100, [0.2290, 0.2397, 0.2566, 0.2741, 0.2981, 0.3179, 0.3360, 0.3547, 0.3748, 0.3982, 0.4276, 0.4715, 0.5110, 0.5583, 0.5921, 0.6228, 0.6579, 0.6840]],
  [200, [0.2338, 0.2442, 0.2617, 0.2795, 0.3041, 0.3241, 0.3428, 0.3621, 0.3827, 0.4065, 0.4356, 0.4808, 0.5213, 0.5702, 0.6044, 0.6355, 0.6761, 0.7054]],
  [500, [0.2382, 0.2486, 0.2662, 0.2846, 0.3095, 0.3296, 0.3486, 0.3677, 0.3888, 0.4127, 0.4430, 0.4887, 0.5296, 0.5782, 0.6095, 0.6420, 0.6845, 0.7110]],
  [1000, [0.2400, 0.2503, 0.2684, 0.2869, 0.3116, 0.3325, 0.3520, 0.3713, 0.3922, 0.4166, 0.4468, 0.4930, 0.5339, 0.5849, 0.6218, 0.6554, 0.6942, 0.7221]],
  [2000, [0.2415, 0.2530, 0.2708, 0.2894, 0.3145, 0.3353, 0.3546, 0.3743, 0.3954, 0.4193, 0.4506, 0.4984, 0.5384, 0.5896, 0.6245, 0.6569, 0.7038, 0.7288]],
  [5000, [0.2451, 0.2550, 0.2729, 0.2908, 0.3156, 0.3355, 0.3547, 0.3744, 0.3950, 0.4188, 0.4494, 0.4954, 0.5379, 0.5928, 0.6291, 0.6590, 0.7024, 0.7313]],
]

export interface DipTest {
  readonly dip: number
  /** Chance of a dip as large in a uniform sample, of all distributions with one peak the hardest to tell from several; 0 below 0.001. */
  readonly p: number
}

/**
 * Dip test (Hartigan & Hartigan 1985): has a sample more than one peak? A small p says yes. It is about 0.002 exact.
 *
 * @param values in any order, without NaN
 */
export function dipTest(values: Float64Array): DipTest {
  const dip = dipOf(values.toSorted())
  const size = Math.max(values.length, 1)
  const upper = QUANTILES.findIndex(([tabulated]) => tabulated >= size)
  const [large, small] = upper < 0 ? [QUANTILES.length - 1, QUANTILES.length - 1] : [upper, Math.max(upper - 1, 0)]
  const [[smallSize, low], [largeSize, high]] = [QUANTILES[small]!, QUANTILES[large]!]
  const part = largeSize === smallSize ? 0 : (size - smallSize) / (largeSize - smallSize)
  const quantiles = low.map((quantile, i) => quantile + part * (high[i]! - quantile))
  return { dip, p: 1 - shareBelow(quantiles, Math.sqrt(size) * dip) }
}

/** The share at a value, on straight lines between the quantiles. */
function shareBelow(quantiles: readonly number[], value: number): number {
  if (value < quantiles[0]!) return 0
  const above = quantiles.findIndex((quantile) => quantile > value)
  if (above < 0) return 1
  const [low, high] = [quantiles[above - 1]!, quantiles[above]!]
  return SHARES[above - 1]! + ((value - low) / (high - low)) * (SHARES[above]! - SHARES[above - 1]!)
}
