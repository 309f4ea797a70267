import { ConstantFeatures } from '../../errors/constant-features.ts'
import type { FeatureChecksConfig } from './config.ts'
import type { FittedTransform, FittedTransforms } from './transform.ts'

export interface NearDuplicate {
  readonly feature: string
  /** Listed earlier, says the same. */
  readonly as: string
  readonly correlation: number
}

/** What features do not say; part of the stage's summary. */
export interface FeatureFindings {
  readonly constant: readonly string[]
  readonly nearDuplicates: readonly NearDuplicate[]
}

export function isConstant(feature: FittedTransform): boolean {
  switch (feature.kind) {
    case 'number':
      return feature.flag === null && feature.isConstant
    case 'category':
      return feature.shares.some((share) => share === 1)
    case 'composition':
      return feature.isConstant
  }
}

/**
 * Pairs of numbers whose coordinates correlate (Pearson) beyond a limit, each with the first it repeats.
 *
 * @param names of the dimensions
 * @param values shape (n, dimensions), row-major; sums run in the order given
 */
export function findNearDuplicates(
  names: readonly string[],
  values: Float64Array,
  above: number,
): readonly NearDuplicate[] {
  const dimensions = names.length
  const rowCount = dimensions === 0 ? 0 : values.length / dimensions
  const means = names.map((_, j) => {
    let sum = 0
    for (let row = 0; row < rowCount; row++) sum += values[row * dimensions + j]!
    return sum / rowCount
  })
  const product = (a: number, b: number): number => {
    let sum = 0
    for (let row = 0; row < rowCount; row++)
      sum += (values[row * dimensions + a]! - means[a]!) * (values[row * dimensions + b]! - means[b]!)
    return sum
  }
  const squares = names.map((_, j) => product(j, j))
  const firsts: number[] = []
  return names.flatMap((feature, b) => {
    for (const a of firsts) {
      const correlation = product(a, b) / Math.sqrt(squares[a]! * squares[b]!)
      if (Math.abs(correlation) > above) return [{ feature, as: names[a]!, correlation }]
    }
    firsts.push(b)
    return []
  })
}

/**
 * Does with the findings as the pipeline says.
 *
 * @throws ConstantFeatures
 */
export function obeyChecks(
  features: readonly FittedTransform[],
  { constant, nearDuplicates }: FeatureFindings,
  config: FeatureChecksConfig,
): FittedTransforms {
  const remedy =
    'Remove the feature from features, or say what to do with such features under featureChecks; then rerun.'
  if (config.constant.do === 'fail' && constant.length > 0)
    throw new ConstantFeatures(`All customers have the same ${constant.join(', ')}.`, remedy)
  const [twin] = nearDuplicates
  if (config.nearDuplicates.do === 'fail' && twin)
    throw new ConstantFeatures(
      `Feature ${twin.feature} says the same as ${twin.as}: their correlation is ${twin.correlation.toFixed(3)}.`,
      remedy,
    )
  const dropped = [
    ...(config.constant.do === 'drop' ? constant.map((name) => ({ name, reason: 'constant' })) : []),
    ...(config.nearDuplicates.do === 'drop'
      ? nearDuplicates.map(({ feature, as }) => ({ name: feature, reason: `near-duplicate of ${as}` }))
      : []),
  ].filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
  const names = new Set(dropped.map(({ name }) => name))
  const kept = features.filter(({ name }) => !names.has(name))
  if (kept.length === 0) throw new ConstantFeatures('All features are the same for all customers.', remedy)
  return { features: kept, dropped }
}
