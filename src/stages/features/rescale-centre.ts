import { inverseYeoJohnson } from '../../stats/yeo-johnson.ts'
import { dimensionsOf, placeNumber } from './transform.ts'
import type { FittedCategory, FittedComposition, FittedNumber, FittedTransform, FittedTransforms } from './transform.ts'

/** A point in the coordinates that these features have. */
export interface ScaledCentre {
  readonly features: FittedTransforms
  readonly values: readonly number[]
}

/**
 * Where a centre lies in another scaling. Exact where a feature has the same transform in both: then the scalings differ by a linear map.
 * Else the middle of the transformed values is taken back and transformed anew, which is near. A level that only one knows counts as `other`.
 *
 * @param sourceOf name of a feature in `into` → that of the same feature where the centre comes from
 * @returns null when a feature of `into` has no counterpart
 */
export function rescaleCentre(
  { features, values }: ScaledCentre,
  into: FittedTransforms,
  sourceOf: (name: string) => string | undefined,
): readonly number[] | null {
  const starts = new Map<string, { readonly feature: FittedTransform; readonly at: number }>()
  let dimensions = 0
  for (const feature of features.features) {
    starts.set(feature.name, { feature, at: dimensions })
    dimensions += dimensionsOf(feature)
  }
  if (dimensions !== values.length) return null
  const rescaled: number[] = []
  for (const to of into.features) {
    const found = starts.get(sourceOf(to.name) ?? '')
    if (!found) return null
    const part = values.slice(found.at, found.at + dimensionsOf(found.feature))
    const coordinates = rescaleFeature(part, found.feature, to)
    if (!coordinates?.every(Number.isFinite)) return null
    rescaled.push(...coordinates)
  }
  return rescaled
}

function rescaleFeature(part: readonly number[], from: FittedTransform, to: FittedTransform): readonly number[] | null {
  if (from.kind === 'number' && to.kind === 'number') return rescaleNumber(part, from, to)
  if (from.kind === 'category' && to.kind === 'category') return rescaleCategory(part, from, to)
  if (from.kind === 'composition' && to.kind === 'composition') return rescaleComposition(part, from, to)
  return null
}

function rescaleNumber([value, flag]: readonly number[], from: FittedNumber, to: FittedNumber): readonly number[] {
  const [weightFrom, weightTo] = [weightOf(from), weightOf(to)]
  const placed = weightFrom === 0 ? from.mean : (value! / weightFrom) * from.scale + from.mean
  const isSame = from.transform === to.transform && from.power === to.power
  const moved = isSame ? placed : placeNumber(takeBack(placed, from), to)
  const coordinate = ((moved - to.mean) / to.scale) * weightTo
  if (!to.flag) return [coordinate]
  const missing =
    from.flag && flag !== undefined && weightFrom !== 0 ? (flag / weightFrom) * from.flag.scale + from.flag.mean : 0
  return [coordinate, ((missing - to.flag.mean) / to.flag.scale) * weightTo]
}

/** As coordinates are made: a number with a flag has two, each × √½. */
function weightOf({ weight, flag }: FittedNumber): number {
  return flag ? weight * Math.SQRT1_2 : weight
}

function takeBack(placed: number, { transform, power }: FittedNumber): number {
  if (transform === 'log1p') return Math.sign(placed) * Math.expm1(Math.abs(placed))
  return transform === 'yeoJohnson' ? inverseYeoJohnson(placed, power!) : placed
}

function rescaleCategory(part: readonly number[], from: FittedCategory, to: FittedCategory): readonly number[] {
  const shares = part.map((value, level) =>
    from.weight === 0 ? from.shares[level]! : (value / from.weight) * from.scale + from.shares[level]!,
  )
  const other = to.levels.length
  const missing = to.withMissing ? other + 1 : other
  const moved = new Array<number>(to.shares.length).fill(0)
  for (const [level, share] of shares.entries()) {
    const known = level < from.levels.length ? to.levels.indexOf(from.levels[level]!) : -1
    moved[known >= 0 ? known : level > from.levels.length ? missing : other]! += share
  }
  return moved.map((share, level) => ((share - to.shares[level]!) / to.scale) * to.weight)
}

function rescaleComposition(
  part: readonly number[],
  from: FittedComposition,
  to: FittedComposition,
): readonly number[] | null {
  if (from.transform !== to.transform || from.levels.length !== to.levels.length) return null
  return to.levels.map((level, at) => {
    const source = from.levels.indexOf(level)
    if (source < 0) return NaN
    const placed =
      from.weight === 0 ? from.means[source]! : (part[source]! / from.weight) * from.scale + from.means[source]!
    return ((placed - to.means[at]!) / to.scale) * to.weight
  })
}
