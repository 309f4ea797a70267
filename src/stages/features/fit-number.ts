import { quantileSorted, selectQuantile } from '../../stats/quantile.ts'
import { fitYeoJohnson } from '../../stats/yeo-johnson.ts'
import type { FeatureSpec } from './config.ts'
import { placeNumber } from './transform.ts'
import type { FittedNumber } from './transform.ts'
import { fitBins } from './value-bins.ts'

/** Values that the power of `yeoJohnson` is fitted on; of more, evenly spaced order statistics stand for all. */
const POWER_VALUES = 20_000
/** Quartile range of a normal distribution in units of its deviation. */
const NORMAL_QUARTILE_RANGE = 1.3489795003921634

/**
 * Quantiles and median over the values that are there; then mean and population deviation over all rows as `applyTransforms` sees them
 * (imputed, clamped, transformed), as scikit-learn's StandardScaler does behind a SimpleImputer. Sums run within each bucket and then over
 * buckets, so that they are the same for any number of shards. A feature that is null everywhere becomes 0.
 *
 * `robust` is scikit-learn's RobustScaler with unit variance; where half of the rows share a value, the deviation stands in for the range.
 *
 * @param values shape (n), n ≥ 1, ordered by bucket, null as NaN
 * @param buckets the rows' buckets
 */
export function fitNumber(values: Float64Array, buckets: Int32Array, spec: FeatureSpec): FittedNumber {
  const present = values.filter((value) => !Number.isNaN(value))
  const at = (share: number): number => (present.length === 0 ? 0 : selectQuantile(present, share))
  const [lower, upper] = [at(spec.winsorise.lower), at(spec.winsorise.upper)]
  const transform: FittedNumber['transform'] =
    spec.transform === 'log1p' || spec.transform === 'yeoJohnson' ? spec.transform : 'none'
  const raw = {
    kind: 'number' as const,
    name: spec.column,
    unit: spec.unit,
    transform,
    power: transform === 'yeoJohnson' ? fitPower(present, lower, upper) : null,
    lower,
    upper,
    impute: imputed(values, buckets, present, spec.impute),
    weight: spec.weight,
    flag: spec.flagMissing ? fitFlag(present.length, values.length) : null,
  }
  const placed = values.map((value) => placeNumber(value, raw))
  return { ...raw, ...fitScale(placed, buckets, spec.scale), bins: fitBins(present, values.length) }
}

function fitPower(present: Float64Array, lower: number, upper: number): number {
  const clamped = present.map((value) => Math.min(Math.max(value, lower), upper)).sort()
  if (clamped.length === 0) return 1
  if (clamped.length <= POWER_VALUES) return fitYeoJohnson(clamped)
  const share = (index: number): number => index / (POWER_VALUES - 1)
  return fitYeoJohnson(Float64Array.from({ length: POWER_VALUES }, (_, index) => quantileSorted(clamped, share(index))))
}

function imputed(
  values: Float64Array,
  buckets: Int32Array,
  present: Float64Array,
  rule: FeatureSpec['impute'],
): number {
  if (typeof rule === 'number') return rule
  if (rule === 'zero' || present.length === 0) return 0
  if (rule === 'median') return selectQuantile(present, 0.5)
  return sumByBucket(values, buckets, (value) => (Number.isNaN(value) ? 0 : value)) / present.length
}

/** Null where nothing or everything is missing: there is nothing to tell apart. */
function fitFlag(presentCount: number, rowCount: number): FittedNumber['flag'] {
  if (presentCount === 0 || presentCount === rowCount) return null
  const mean = (rowCount - presentCount) / rowCount
  return { mean, scale: Math.sqrt(mean * (1 - mean)) }
}

function fitScale(
  placed: Float64Array,
  buckets: Int32Array,
  rule: FeatureSpec['scale'],
): Pick<FittedNumber, 'mean' | 'scale' | 'isConstant'> {
  const isConstant = placed.every((value) => value === placed[0])
  // A constant's mean would differ from it by rounding, and dividing by that makes noise of nothing.
  if (isConstant) return { mean: placed[0] ?? 0, scale: 1, isConstant }
  if (rule === 'none') return { mean: 0, scale: 1, isConstant }
  const mean = sumByBucket(placed, buckets, (value) => value) / placed.length
  const deviation = Math.sqrt(sumByBucket(placed, buckets, (value) => (value - mean) ** 2) / placed.length)
  if (rule === 'standard') return { mean, scale: deviation, isConstant }
  const range = selectQuantile(placed, 0.75) - selectQuantile(placed, 0.25)
  return { mean: selectQuantile(placed, 0.5), scale: range > 0 ? range / NORMAL_QUARTILE_RANGE : deviation, isConstant }
}

function sumByBucket(values: Float64Array, buckets: Int32Array, term: (value: number) => number): number {
  let total = 0
  let ofBucket = 0
  for (let row = 0; row < values.length; row++) {
    if (row > 0 && buckets[row] !== buckets[row - 1]) {
      total += ofBucket
      ofBucket = 0
    }
    ofBucket += term(values[row]!)
  }
  return total + ofBucket
}
