import { mergeMoments, momentsOf } from '../../stats/moments.ts'
import type { Moments } from '../../stats/moments.ts'
import type { FeatureSpec } from './config.ts'
import { placeComposition } from './transform.ts'
import type { FittedComposition } from './transform.ts'
import type { ValueBins } from './value-bins.ts'

/** Moments of every level, of the buckets seen so far. */
export type CompositionMoments = readonly Moments[]

type Rule = Pick<FittedComposition, 'transform' | 'prior'>

export function ruleOf({ transform, prior }: FeatureSpec): Rule {
  return { transform: transform === 'none' ? 'none' : 'centredLogRatio', prior }
}

/**
 * Adds the moments of whole buckets, one bucket after the other, so that they are the same for any number of shards.
 *
 * @param columns one a level, ordered by bucket, null as NaN
 * @param moments of the buckets before; absent: none
 */
export function addCompositions(
  columns: readonly Float64Array[],
  buckets: Int32Array,
  rule: Rule,
  moments?: CompositionMoments,
): CompositionMoments {
  const nothing: Moments = { count: 0, mean: NaN, squaredDeviations: 0 }
  let total: CompositionMoments = moments ?? columns.map(() => nothing)
  const placed = new Float64Array(columns.length)
  for (let start = 0, end = 0; start < buckets.length; start = end) {
    while (end < buckets.length && buckets[end] === buckets[start]) end++
    const ofBucket = columns.map(() => new Float64Array(end - start).fill(NaN))
    for (let row = start; row < end; row++)
      if (placeComposition(columns, row, rule, placed))
        placed.forEach((value, level) => (ofBucket[level]![row - start] = value))
    total = total.map((one, level) => mergeMoments(one, momentsOf(ofBucket[level]!)))
  }
  return total
}

/** @param moments of all customers, as are the bins */
export function fitComposition(
  levels: readonly string[],
  moments: CompositionMoments,
  bins: readonly ValueBins[],
  spec: FeatureSpec,
): FittedComposition {
  const variance = moments.reduce(
    (sum, { count, squaredDeviations }) => sum + squaredDeviations / Math.max(1, count),
    0,
  )
  return {
    kind: 'composition',
    name: spec.column,
    unit: spec.unit,
    weight: spec.weight,
    levels,
    ...ruleOf(spec),
    means: moments.map(({ mean }) => (Number.isNaN(mean) ? 0 : mean)),
    scale: variance > 0 ? Math.sqrt(variance) : 1,
    isConstant: variance === 0,
    bins,
  }
}
