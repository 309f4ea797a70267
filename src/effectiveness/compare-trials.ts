import { normalQuantile } from '../stats/normal.ts'
import { poissonWeight } from '../stats/poisson-weight.ts'
import type { Grouping } from './explained.ts'
import { effectivenessIndex, type JudgedCustomers } from './judge-effectiveness.ts'

/** A way to segment, judged on the same time as the others. */
export interface TriedSegments {
  readonly judged: JudgedCustomers
  /** Who each customer is, as an integer: the same in all trials. Shape (customers). */
  readonly keys: Int32Array
}

/** How much less than the best an index is. */
export interface TrialDifference {
  /** Index of the best less this one, 0 or more. Null: one of them has no index. */
  readonly difference: number | null
  /** Holds it with 95 %, all differences together; null as above, or the resamples do not tell. */
  readonly lower: number | null
  readonly upper: number | null
  /** Whether it is more than chance: the interval does not reach 0. */
  readonly isSure: boolean
}

export interface TrialComparison {
  /** Position of the highest index; null: none has one. */
  readonly best: number | null
  /** In the order of the trials. */
  readonly differences: readonly TrialDifference[]
}

const RESAMPLES = 100
const CONFIDENCE = 0.95
/** Customers come in the order of a hash: the first so many are drawn by lot, and the error of all is less by the root of their number. */
const RESAMPLED_CUSTOMERS = 20_000

/**
 * Which trial has the highest index, and whether the others have less for more than chance: by a paired Poisson bootstrap of customers, who are in a
 * resample of every trial alike; intervals of the normal distribution around what was found, at 95 % for all differences together (Bonferroni).
 */
export function compareTrials(trials: readonly TriedSegments[]): TrialComparison {
  const indexes = trials.map(({ judged }) => effectivenessIndex(judged))
  const top = Math.max(...indexes.map((index) => index ?? -Infinity))
  const best = indexes.findIndex((index) => index === top)
  const none: TrialDifference = { difference: null, lower: null, upper: null, isSure: false }
  if (best === -1) return { best: null, differences: trials.map(() => none) }
  const replicates = Array.from({ length: RESAMPLES }, (_, resample) =>
    trials.map((trial) => effectivenessIndex(resampled(trial, resample))),
  )
  const others = Math.max(1, trials.length - 1)
  const quantile = normalQuantile(1 - (1 - CONFIDENCE) / 2 / others)
  const differences = trials.map(({ keys }, at): TrialDifference => {
    const index = indexes[at]
    if (index === null || index === undefined) return none
    const difference = top - index
    if (at === best) return { difference: 0, lower: null, upper: null, isSure: false }
    const found = replicates.flatMap((one) => (one[best] === null || one[at] === null ? [] : [one[best]! - one[at]!]))
    if (found.length < RESAMPLES / 2) return { ...none, difference }
    const used = Math.min(keys.length, RESAMPLED_CUSTOMERS)
    const half = quantile * deviationOf(found) * Math.sqrt(used / keys.length)
    return { difference, lower: difference - half, upper: difference + half, isSure: difference - half > 0 }
  })
  return { best, differences }
}

function resampled({ judged, keys }: TriedSegments, resample: number): JudgedCustomers {
  const rows: number[] = []
  const some = Math.min(keys.length, RESAMPLED_CUSTOMERS)
  for (let row = 0; row < some; row++)
    for (let weight = poissonWeight(keys[row]!, resample); weight > 0; weight--) rows.push(row)
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  const group = ({ labels, groupCount }: Grouping): Grouping => ({
    labels: Int32Array.from(rows, (row) => labels[row]!),
    groupCount,
  })
  const { segments, laterSegments, spend, orders, pastSpend, pastOrders, lastOrder, coverage } = judged
  return {
    ...{ segments: group(segments), laterSegments: group(laterSegments), coverage },
    ...{ spend: take(spend), orders: take(orders), pastSpend: take(pastSpend) },
    ...{ pastOrders: take(pastOrders), lastOrder: take(lastOrder) },
  }
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
