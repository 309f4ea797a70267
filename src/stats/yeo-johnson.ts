import { minimumOf } from './minimum.ts'

/** Powers are looked for in ± this. */
const LARGEST_POWER = 8

/** The power transform of Yeo & Johnson (2000), for values of any sign; power 1 leaves them alone. */
export function yeoJohnson(value: number, power: number): number {
  if (value >= 0) {
    const log = Math.log1p(value)
    return power === 0 ? log : Math.expm1(power * log) / power
  }
  const log = Math.log1p(-value)
  return power === 2 ? -log : -Math.expm1((2 - power) * log) / (2 - power)
}

/** The value that `yeoJohnson` makes this of; NaN where none does. */
export function inverseYeoJohnson(transformed: number, power: number): number {
  if (transformed >= 0)
    return power === 0 ? Math.expm1(transformed) : Math.expm1(Math.log1p(power * transformed) / power)
  return power === 2 ? -Math.expm1(-transformed) : -Math.expm1(Math.log1p((power - 2) * transformed) / (2 - power))
}

/**
 * The power under which values are closest to normal: maximum likelihood, as in SciPy's `yeojohnson_normmax` and scikit-learn's
 * PowerTransformer.
 *
 * @param values without NaN; sums run in the order given
 * @returns 1 when the values do not differ
 */
export function fitYeoJohnson(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return 1
  let logs = 0
  for (const value of values) logs += Math.sign(value) * Math.log1p(Math.abs(value))
  const transformed = new Float64Array(values.length)
  return minimumOf(
    (power) => {
      let sum = 0
      for (let i = 0; i < values.length; i++) sum += transformed[i] = yeoJohnson(values[i]!, power)
      const mean = sum / values.length
      let squares = 0
      for (const value of transformed) squares += (value - mean) ** 2
      const variance = squares / values.length
      const likelihood = (-values.length / 2) * Math.log(variance) + (power - 1) * logs
      return variance > 0 && Number.isFinite(likelihood) ? -likelihood : Infinity
    },
    -LARGEST_POWER,
    LARGEST_POWER,
  )
}
