import { momentsOf } from '../../stats/moments.ts'

export interface DimensionDifference {
  readonly feature: string
  /** Whether it is the first dimension of its feature: of a number, the number itself, and not whether it is missing. */
  readonly isFirst: boolean
  /** η²: share of the variance of the dimension that lies between the two sides, 0 to 1. */
  readonly explained: number
}

/**
 * The dimension in which two sides differ most, by η².
 *
 * @param values shape (n, names), row-major, at least one name
 * @param names the feature of each dimension
 * @param sides 0 or 1, shape (n)
 */
export function strongestDimension(
  values: Float64Array,
  names: readonly string[],
  sides: Int32Array,
): DimensionDifference {
  let best = { at: 0, explained: 0 }
  names.forEach((_, at) => {
    const column = Float64Array.from(sides, (_side, row) => values[row * names.length + at]!)
    const all = momentsOf(column).squaredDeviations
    const within = [0, 1].reduce(
      (sum, side) => sum + momentsOf(column.filter((_value, row) => sides[row] === side)).squaredDeviations,
      0,
    )
    const explained = all === 0 ? 0 : 1 - within / all
    if (explained > best.explained) best = { at, explained }
  })
  const feature = names[best.at]!
  return { feature, isFirst: names.indexOf(feature) === best.at, explained: best.explained }
}
