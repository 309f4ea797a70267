/** Stirling's series is good to the last digits from here on; smaller arguments are raised by the recurrence. */
const FROM = 10

/**
 * Natural logarithm of the gamma function: Stirling's series (Abramowitz & Stegun 1964, 6.1.41) after the recurrence 6.1.15.
 *
 * @param x above 0
 * @returns to about 1e-15, relative to max(1, |value|)
 */
export function logGamma(x: number): number {
  let product = 1
  let z = x
  for (; z < FROM; z++) product *= z
  const s = 1 / (z * z)
  const series =
    (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))))) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}

/**
 * Derivative of `logGamma` (Abramowitz & Stegun 1964, 6.3.18 after 6.3.5).
 *
 * @param x above 0
 */
export function digamma(x: number): number {
  let sum = 0
  let z = x
  for (; z < FROM; z++) sum -= 1 / z
  const s = 1 / (z * z)
  const series =
    s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s / 12))))))
  return sum + Math.log(z) - 1 / (2 * z) - series
}
