/** Of the standard normal distribution: 95 % lie within this of 0. */
const WITHIN_95 = 1.959963984540054

/**
 * Score interval of a share (Wilson 1927): also where nobody or everybody has the property. Of a finite population that is sampled
 * without putting back, the sample counts as n ÷ (1 − sampled).
 *
 * @param count with the property, 0 to `size`
 * @param size of the sample, at least 1
 * @param sampled which part of the population the sample is, 0 to 1; 1: there is nothing left to estimate
 * @param z quantile of the standard normal distribution. Default: of 95 %
 */
export function shareInterval(
  count: number,
  size: number,
  sampled = 0,
  z = WITHIN_95,
): { readonly lower: number; readonly upper: number } {
  const share = count / size
  if (sampled >= 1) return { lower: share, upper: share }
  const n = size / (1 - sampled)
  const scale = 1 + (z * z) / n
  const centre = (share + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) }
}
