import { yeoJohnson } from '../../stats/yeo-johnson.ts'
import { levelColumn } from './catalogue/entry.ts'
import type { FeatureUnit } from './catalogue/entry.ts'
import type { MadeFeature } from './made-feature.ts'
import type { UnseenCounts } from './unseen-counts.ts'
import type { ValueBins } from './value-bins.ts'

interface FittedFeature {
  /** Of the instance. */
  readonly name: string
  readonly unit: FeatureUnit
  readonly weight: number
}

/** A number becomes one coordinate, or two with the flag. `lower`, `upper` and `impute` are in the feature's own unit. */
export interface FittedNumber extends FittedFeature {
  readonly kind: 'number'
  readonly transform: 'none' | 'log1p' | 'yeoJohnson'
  /** Power of `yeoJohnson`; null for the others. */
  readonly power: number | null
  readonly lower: number
  readonly upper: number
  /** Stands in for a null. */
  readonly impute: number
  /** Of the values after clamping and transform: what is taken away, and what is divided by (1 where there is no spread). */
  readonly mean: number
  readonly scale: number
  /** Whether a null is told apart: mean and deviation of being null. */
  readonly flag: { readonly mean: number; readonly scale: number } | null
  /** The same for all customers. */
  readonly isConstant: boolean
  /** Absent in models from before they were kept, as with the other kinds. */
  readonly bins?: ValueBins
}

/** A category becomes one coordinate a level, one for `other`, and one for null when there were nulls. */
export interface FittedCategory extends FittedFeature {
  readonly kind: 'category'
  /** Pinned. */
  readonly levels: readonly string[]
  /** Known when fitted and pooled into `other`, at most 1,000. */
  readonly pooled: readonly string[]
  /** False: there were more than `pooled` keeps. */
  readonly knowsAllLevels: boolean
  readonly withMissing: boolean
  /** Of the coordinates in their order. */
  readonly shares: readonly number[]
  /** All of those it was fitted on. */
  readonly customers?: number
  /** √ Σ p (1 − p): makes the total variance of all coordinates 1, as that of one standardised number. */
  readonly scale: number
}

/** A composition becomes one coordinate a level. */
export interface FittedComposition extends FittedFeature {
  readonly kind: 'composition'
  readonly levels: readonly string[]
  readonly transform: 'none' | 'centredLogRatio'
  readonly prior: number
  readonly means: readonly number[]
  /** √ Σ variance. */
  readonly scale: number
  readonly isConstant: boolean
  /** One a level. */
  readonly bins?: readonly ValueBins[]
}

export type FittedTransform = FittedNumber | FittedCategory | FittedComposition

/** The document `transforms` of the features artifact: everything that applying needs, so that it never fits again. */
export interface FittedTransforms {
  readonly features: readonly FittedTransform[]
  /** Left out of the coordinates by `featureChecks`. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[]
  /** By what features of the catalogue were made that take figures over all customers; absent: there are none. */
  readonly made?: readonly MadeFeature[]
}

/** With the figures that features were made by. */
export function withMade(fitted: FittedTransforms, made: readonly MadeFeature[]): FittedTransforms {
  return made.length === 0 ? fitted : { ...fitted, made }
}

/** Columns of features as the engine reads them: numbers with null as NaN, categories as texts. */
export type FeatureColumns = Readonly<Record<string, Float64Array | readonly (string | null)[]>>

/** Columns of the rows that a fitted feature reads. */
export function columnsOf(feature: FittedTransform): readonly string[] {
  if (feature.kind === 'composition') return feature.levels.map((level) => levelColumn(feature.name, level))
  return [feature.name]
}

/** Coordinates that a fitted feature has. */
export function dimensionsOf(feature: FittedTransform): number {
  switch (feature.kind) {
    case 'number':
      return feature.flag ? 2 : 1
    case 'category':
      return feature.shares.length
    case 'composition':
      return feature.levels.length
  }
}

export function allColumns({ features }: FittedTransforms): readonly string[] {
  return features.flatMap(columnsOf)
}

export function allDimensions({ features }: FittedTransforms): number {
  return features.reduce((sum, feature) => sum + dimensionsOf(feature), 0)
}

/** Feature that each coordinate comes from. */
export function dimensionNames({ features }: FittedTransforms): readonly string[] {
  return features.flatMap((feature) => Array.from({ length: dimensionsOf(feature) }, () => feature.name))
}

export interface Coordinates {
  /** Shape (n, dimensions), row-major, features in the order of `fitted.features`. */
  readonly values: Float64Array
  readonly rowCount: number
  readonly dimensions: number
  readonly unseen: UnseenCounts
}

/**
 * Makes coordinates of features.
 *
 * - A number: null → impute → clamp → transform → (x − mean) ÷ scale → × weight. With a flag, value and flag are both × √½.
 * - A category: (1 or 0 − share) ÷ scale × weight for each level.
 * - A composition: (ln(share + prior) − their mean − mean) ÷ scale × weight for each level; null lies at the centre, 0.
 *
 * @param columns of equal length n
 */
export function applyTransforms(columns: FeatureColumns, fitted: FittedTransforms, rowCount: number): Coordinates {
  const dimensions = allDimensions(fitted)
  const values = new Float64Array(rowCount * dimensions)
  const unseen: Record<string, number> = {}
  let at = 0
  for (const feature of fitted.features) {
    const target = { values, rowCount, dimensions, at }
    if (feature.kind === 'number') placeNumbers(columns[feature.name] as Float64Array, feature, target)
    if (feature.kind === 'composition')
      placeCompositions(
        columnsOf(feature).map((name) => columns[name] as Float64Array),
        feature,
        target,
      )
    if (feature.kind === 'category') {
      const count = placeCategories(columns[feature.name] as readonly (string | null)[], feature, target)
      if (count > 0) unseen[feature.name] = count
    }
    at += dimensionsOf(feature)
  }
  return { values, rowCount, dimensions, unseen }
}

interface Target {
  readonly values: Float64Array
  readonly rowCount: number
  readonly dimensions: number
  /** First coordinate of the feature. */
  readonly at: number
}

function placeNumbers(from: Float64Array, feature: FittedNumber, { values, rowCount, dimensions, at }: Target): void {
  const { mean, scale, flag } = feature
  const weight = flag ? feature.weight * Math.SQRT1_2 : feature.weight
  for (let row = 0; row < rowCount; row++) {
    const offset = row * dimensions + at
    values[offset] = ((placeNumber(from[row]!, feature) - mean) / scale) * weight
    if (flag) values[offset + 1] = (((Number.isNaN(from[row]!) ? 1 : 0) - flag.mean) / flag.scale) * weight
  }
}

/** A number before scaling. */
export function placeNumber(
  value: number,
  { impute, lower, upper, transform, power }: Pick<FittedNumber, 'impute' | 'lower' | 'upper' | 'transform' | 'power'>,
): number {
  const clamped = Math.min(Math.max(Number.isNaN(value) ? impute : value, lower), upper)
  if (transform === 'log1p') return Math.sign(clamped) * Math.log1p(Math.abs(clamped))
  return transform === 'yeoJohnson' ? yeoJohnson(clamped, power!) : clamped
}

/** @returns rows whose level was not known when it was fitted */
function placeCategories(
  from: readonly (string | null)[],
  { levels, pooled, withMissing, shares, scale, weight }: FittedCategory,
  { values, rowCount, dimensions, at }: Target,
): number {
  const positions = new Map(levels.map((level, index) => [level, index]))
  const known = new Set(pooled)
  const centre = shares.map((share) => (-share / scale) * weight)
  let unseen = 0
  for (let row = 0; row < rowCount; row++) {
    const value = from[row] ?? null
    const offset = row * dimensions + at
    for (let level = 0; level < centre.length; level++) values[offset + level] = centre[level]!
    const position = value === null && withMissing ? levels.length + 1 : positions.get(value!)
    if (position === undefined && value !== null && !known.has(value)) unseen += 1
    const own = position ?? levels.length
    values[offset + own] = ((1 - shares[own]!) / scale) * weight
  }
  return unseen
}

function placeCompositions(
  from: readonly Float64Array[],
  feature: FittedComposition,
  { values, rowCount, dimensions, at }: Target,
): void {
  const placed = new Float64Array(from.length)
  for (let row = 0; row < rowCount; row++) {
    if (!placeComposition(from, row, feature, placed)) continue
    for (let level = 0; level < placed.length; level++)
      values[row * dimensions + at + level] =
        ((placed[level]! - feature.means[level]!) / feature.scale) * feature.weight
  }
}

/** A composition before scaling. @returns false for a null, which has none */
export function placeComposition(
  from: readonly Float64Array[],
  row: number,
  { transform, prior }: Pick<FittedComposition, 'transform' | 'prior'>,
  placed: Float64Array,
): boolean {
  let sum = 0
  for (let level = 0; level < placed.length; level++) {
    const share = from[level]![row]!
    if (Number.isNaN(share)) return false
    sum += placed[level] = transform === 'none' ? share : Math.log(share + prior)
  }
  if (transform === 'none') return true
  const mean = sum / placed.length
  for (let level = 0; level < placed.length; level++) placed[level]! -= mean
  return true
}
