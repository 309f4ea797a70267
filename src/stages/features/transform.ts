import { quantileSorted } from '../../stats/quantile.ts'
import { featureUnits } from './catalogue.ts'
import type { FeatureUnit } from './catalogue.ts'
import type { FeatureName, FeatureSpec } from './config.ts'

/** How one feature becomes a coordinate. `lower`, `upper` and `impute` are in the feature's own unit. */
export interface FittedTransform {
  readonly name: FeatureName
  readonly unit: FeatureUnit
  readonly transform: 'log1p' | 'none'
  readonly lower: number
  readonly upper: number
  /** Stands in for a null: the median of the others. */
  readonly impute: number
  /** Of the values after clamping and transform. */
  readonly mean: number
  /** Population deviation of the same; 1 where there is no spread. */
  readonly scale: number
  readonly weight: number
}

/** The document `transforms` of the features artifact. */
export interface FittedTransforms {
  readonly features: readonly FittedTransform[]
}

/**
 * Fits all features; see `fitTransform`.
 *
 * @param columns one a feature of `specs`, rows ordered by (bucket, customer_id), null as NaN
 * @param buckets the rows' buckets
 */
export function fitTransforms(
  columns: Readonly<Record<string, Float64Array>>,
  buckets: Int32Array,
  specs: readonly FeatureSpec[],
): FittedTransforms {
  return { features: specs.map((spec) => fitTransform(columns[spec.name]!, buckets, spec)) }
}

/**
 * Quantiles and median over the values that are there; then mean and population deviation over all rows as `applyTransforms` sees them
 * (imputed, clamped, transformed), as scikit-learn's StandardScaler does behind a SimpleImputer. Sums run within each bucket and then over
 * buckets, so that they are the same for any number of shards. A feature that is null everywhere becomes 0.
 *
 * @param values shape (n), n ≥ 1, ordered by bucket
 */
export function fitTransform(values: Float64Array, buckets: Int32Array, spec: FeatureSpec): FittedTransform {
  const present = values.filter((value) => !Number.isNaN(value)).sort()
  const at = (share: number): number => (present.length === 0 ? 0 : quantileSorted(present, share))
  const raw = {
    name: spec.name,
    unit: featureUnits[spec.name],
    transform: spec.transform,
    lower: at(spec.winsorise.lower),
    upper: at(spec.winsorise.upper),
    impute: at(0.5),
    weight: spec.weight,
  }
  const placed = values.map((value) => place(value, raw))
  const constant = placed.every((value) => value === placed[0])
  // A constant's mean would differ from it by rounding, and dividing by that makes noise of nothing.
  if (constant) return { ...raw, mean: placed[0] ?? 0, scale: 1 }
  const mean = sumByBucket(placed, buckets, (value) => value) / placed.length
  const variance = sumByBucket(placed, buckets, (value) => (value - mean) ** 2) / placed.length
  return { ...raw, mean, scale: Math.sqrt(variance) }
}

/**
 * Makes coordinates of features: null → impute → clamp → log1p with the sign kept → (x − mean) ÷ scale → × weight.
 *
 * @param columns one a fitted feature, of equal length n, null as NaN
 * @returns shape (n, features), row-major, in the order of `fitted.features`
 */
export function applyTransforms(
  columns: Readonly<Record<string, Float64Array>>,
  fitted: FittedTransforms,
): Float64Array {
  const dimensions = fitted.features.length
  const rowCount = columns[fitted.features[0]!.name]!.length
  const matrix = new Float64Array(rowCount * dimensions)
  fitted.features.forEach((feature, dimension) => {
    const values = columns[feature.name]!
    for (let row = 0; row < rowCount; row++)
      matrix[row * dimensions + dimension] =
        ((place(values[row]!, feature) - feature.mean) / feature.scale) * feature.weight
  })
  return matrix
}

/** A value before standardising. */
function place(
  value: number,
  { impute, lower, upper, transform }: Pick<FittedTransform, 'impute' | 'lower' | 'upper' | 'transform'>,
): number {
  const clamped = Math.min(Math.max(Number.isNaN(value) ? impute : value, lower), upper)
  return transform === 'log1p' ? Math.sign(clamped) * Math.log1p(Math.abs(clamped)) : clamped
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
