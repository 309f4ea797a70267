import type { MixedRows, Prototypes } from '../../../stats/k-prototypes.ts'
import { momentsOf } from '../../../stats/moments.ts'
import type { FittedCategory, FittedTransforms } from '../../features/transform.ts'

/**
 * Coordinates in which squared Euclidean distances are those of k-prototypes. Numbers and compositions keep theirs; of a category the own level
 * is √(penalty ÷ 2) and the others are 0, so that two customers of different levels are a penalty apart.
 */
export interface MixedSpace {
  readonly dimensions: number
  /** Dimensions of numbers and compositions. */
  readonly numbers: readonly number[]
  readonly categories: readonly CategoryBlock[]
}

interface CategoryBlock {
  readonly feature: FittedCategory
  /** First of its dimensions; it has one a level. */
  readonly at: number
  readonly levelCount: number
  /** What another level adds to the squared distance. */
  readonly penalty: number
}

/** @param featureOfDimension feature that each coordinate comes from, in order */
export function mixedSpace({ features }: FittedTransforms, featureOfDimension: Int32Array, gamma: number): MixedSpace {
  const numbers: number[] = []
  const categories: CategoryBlock[] = []
  featureOfDimension.forEach((index, dimension) => {
    const feature = features[index]!
    if (feature.kind !== 'category') numbers.push(dimension)
    else if (featureOfDimension[dimension - 1] !== index)
      categories.push({
        feature,
        at: dimension,
        levelCount: feature.shares.length,
        penalty: gamma * feature.weight ** 2,
      })
  })
  return { dimensions: featureOfDimension.length, numbers, categories }
}

/**
 * Half of the mean deviation of the numeric features (Huang 1998), over rows as they are standardised and weighted; a feature of several
 * coordinates has the root of their variances together. 1 where there are no numbers, or none that differ.
 *
 * @param values coordinates of the features, shape (rows, dimensions)
 */
export function defaultGamma(
  { features }: FittedTransforms,
  featureOfDimension: Int32Array,
  values: Float64Array,
): number {
  const dimensions = featureOfDimension.length
  const rowCount = values.length / dimensions
  const variances = new Float64Array(features.length)
  featureOfDimension.forEach((feature, j) => {
    const column = Float64Array.from({ length: rowCount }, (_, row) => values[row * dimensions + j]!)
    variances[feature]! += momentsOf(column).squaredDeviations / rowCount
  })
  const deviations = features.flatMap(({ kind }, i) => (kind === 'category' ? [] : [Math.sqrt(variances[i]!)]))
  const mean = deviations.reduce((sum, deviation) => sum + deviation, 0) / deviations.length
  return mean > 0 ? mean / 2 : 1
}

/** Level of each category of a row, from the coordinates of the features: of the own level it is the one above the middle. */
function levelOf(values: Float64Array, at: number, { feature, levelCount }: CategoryBlock): number {
  const { shares, scale, weight } = feature
  for (let level = 0; level < levelCount; level++)
    if (values[at + level]! > ((0.5 - shares[level]!) / scale) * weight) return level
  throw new Error(`A customer has no level of ${feature.name}.`)
}

/** @param values coordinates of the features, shape (rows, dimensions) */
export function mixedRows(values: Float64Array, { dimensions, numbers, categories }: MixedSpace): MixedRows {
  const rowCount = values.length / dimensions
  const numberCount = numbers.length
  const taken = new Float64Array(rowCount * numberCount)
  const codes = new Int32Array(rowCount * categories.length)
  for (let row = 0; row < rowCount; row++) {
    const at = row * dimensions
    for (let j = 0; j < numberCount; j++) taken[row * numberCount + j] = values[at + numbers[j]!]!
    for (let j = 0; j < categories.length; j++)
      codes[row * categories.length + j] = levelOf(values, at + categories[j]!.at, categories[j]!)
  }
  return {
    rowCount,
    numbers: taken,
    numberCount,
    codes,
    levelCounts: categories.map(({ levelCount }) => levelCount),
    penalties: Float64Array.from(categories, ({ penalty }) => penalty),
  }
}

/** Coordinates of the features, changed into those of the space. */
export function mixedCoordinates(values: Float64Array, { dimensions, categories }: MixedSpace): Float64Array {
  const changed = values.slice()
  for (const category of categories) {
    const height = Math.sqrt(category.penalty / 2)
    for (let at = category.at; at < changed.length; at += dimensions) {
      const own = levelOf(values, at, category)
      changed.fill(0, at, at + category.levelCount)
      changed[at + own] = height
    }
  }
  return changed
}

/** Prototypes as points of the space, shape (clusters, dimensions). */
export function prototypePoints(
  { means, modes }: Prototypes,
  { dimensions, numbers, categories }: MixedSpace,
): Float64Array {
  const clusterCount = numbers.length > 0 ? means.length / numbers.length : modes.length / categories.length
  const points = new Float64Array(clusterCount * dimensions)
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const to = cluster * dimensions
    numbers.forEach((dimension, j) => (points[to + dimension] = means[cluster * numbers.length + j]!))
    categories.forEach(({ at, penalty }, j) => {
      points[to + at + modes[cluster * categories.length + j]!] = Math.sqrt(penalty / 2)
    })
  }
  return points
}
