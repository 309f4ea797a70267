import { positionAmong } from '../position-among.ts'
import type { RfmDimension } from './config.ts'
import { rfmDimensions } from './config.ts'
import { groupOfCells } from './groups.ts'
import type { RfmGroup } from './groups.ts'

/** A dimension with its cut points. */
export interface ScoredDimension {
  readonly feature: string
  readonly weight: number
  /** Ascending, one fewer than scores. */
  readonly cuts: readonly number[]
  /** Where they come from: quantiles of this run, what was published, or the pipeline. */
  readonly cutsFrom: 'quantiles' | 'anchored' | 'fixed'
}

/** Everything that scoring needs. */
export interface RfmParameters {
  readonly method: 'rfm'
  readonly scores: number
  readonly dimensions: Readonly<Record<RfmDimension, ScoredDimension>>
  readonly groups: readonly RfmGroup[]
  /** Group of customers without one of the values, null: a missing value has score 1. */
  readonly unscored: { readonly key: string; readonly name: string } | null
  /** Whether a missing value is something that fitting did not see: such customers are outliers. */
  readonly flagsMissing: boolean
}

export interface ScoredCustomers {
  /** Index into the groups; one more than the last for those not scored. */
  readonly cluster: Int32Array
  /** By dimension, 1 to `scores`; NaN where the value is missing and that group is apart. */
  readonly scores: Readonly<Record<RfmDimension, Float64Array>>
  /** Weighted mean of the three scores; NaN for those not scored. */

  readonly combined: Float64Array
  /** 1 for customers without a value when fitting saw none such. */
  readonly isOutlier: Int32Array
}

/**
 * Scores customers and finds their groups. A score is 1 + the cuts that the value exceeds; for recency, where few days are good, the
 * number of scores less the cuts that it exceeds. Equal values have equal scores.
 *
 * @param values by dimension, NaN where missing
 */
export function placeScores(
  values: Readonly<Record<RfmDimension, Float64Array>>,
  { scores, dimensions, groups, unscored, flagsMissing }: RfmParameters,
): ScoredCustomers {
  const { length } = values.recency
  const cells = groupOfCells(groups, scores)
  const given = Object.fromEntries(
    rfmDimensions.map((dimension) => [
      dimension,
      scoresOf(values[dimension], dimension, dimensions[dimension], scores),
    ]),
  ) as Record<RfmDimension, Float64Array>
  const [recency, frequency, monetary] = rfmDimensions.map((dimension) => given[dimension]) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const weight = { r: dimensions.recency.weight, f: dimensions.frequency.weight, m: dimensions.monetary.weight }
  const combined = new Float64Array(length)
  const cluster = new Int32Array(length)
  const isOutlier = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    const isMissing = Number.isNaN(recency[i]!) || Number.isNaN(frequency[i]!) || Number.isNaN(monetary[i]!)
    if (isMissing && unscored) {
      cluster[i] = groups.length
      combined[i] = NaN
      continue
    }
    if (isMissing) {
      if (flagsMissing) isOutlier[i] = 1
      if (Number.isNaN(recency[i]!)) recency[i] = 1
      if (Number.isNaN(frequency[i]!)) frequency[i] = 1
      if (Number.isNaN(monetary[i]!)) monetary[i] = 1
    }
    const [r, f, m] = [recency[i]!, frequency[i]!, monetary[i]!]
    combined[i] = (weight.r * r + weight.f * f + weight.m * m) / (weight.r + weight.f + weight.m)
    cluster[i] = cells[(r - 1) * scores + valueScore(f, m, weight.f, weight.m) - 1]!
  }
  return { cluster, scores: given, combined, isOutlier }
}

/** Score of frequency and monetary together: their weighted mean, halves up. */
function valueScore(frequency: number, monetary: number, ofFrequency: number, ofMonetary: number): number {
  if (ofFrequency + ofMonetary === 0) return Math.floor((frequency + monetary) / 2 + 0.5)
  return Math.floor((ofFrequency * frequency + ofMonetary * monetary) / (ofFrequency + ofMonetary) + 0.5)
}

function scoresOf(
  values: Float64Array,
  dimension: RfmDimension,
  { cuts }: ScoredDimension,
  scores: number,
): Float64Array {
  const given = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const passed = positionAmong(values[i]!, cuts, 'above')
    given[i] = Number.isNaN(values[i]!) ? NaN : dimension === 'recency' ? scores - passed : 1 + passed
  }
  return given
}
