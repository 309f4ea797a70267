import { findableEffect, sizeForMeans } from '../stats/power-of-means.ts'
import { findableRise, type PowerOptions, sizeForShares } from '../stats/power-of-shares.ts'
import type { ArmShare } from './arm-shares.ts'

/** What a metric is today among the customers of a segment. */
export interface SegmentBaseline {
  readonly segment: string
  readonly customers: number
  /** Null: not known. */
  readonly mean: number | null
  /** Of customers, not of the mean. Null: not known. */
  readonly deviation: number | null
  /** Whether it is 0 or 1 of each customer. */
  readonly isShare: boolean
}

export interface PlanOptions {
  /** The first is the control. */
  readonly arms: readonly ArmShare[]
  /** In the unit of the metric; a share in shares: 0.01 is a percentage point. */
  readonly minimumEffect: number
  readonly alpha: number
  readonly power: number
  /** How many customers can be reached a week. Null: all at once. */
  readonly perWeek: number | null
}

export interface PlannedSample {
  /** `all`, or the name of a segment. */
  readonly segment: string
  readonly baseline: number
  /** How many there are. */
  readonly customers: number
  /** How many it takes, all arms together; Infinity where no number is enough. */
  readonly needed: number
  readonly isEnough: boolean
  /** Smallest effect that those who are there find; null: none. */
  readonly findable: number | null
  /** How long it takes to reach those who are needed; null: nobody said how many a week, or there are not enough. */
  readonly weeks: number | null
}

export interface ExperimentPlan {
  readonly overall: PlannedSample
  /** Each with its part of alpha, as all are looked at. Empty where segments are not told apart. */
  readonly segments: readonly PlannedSample[]
}

/**
 * How many customers an experiment takes, overall and to be certain of each segment by itself: Bonferroni's part of alpha for every comparison
 * with the control, which is what Holm asks of the clearest one.
 *
 * @param baselines of at least one segment, with a mean; a deviation where it is no share
 */
export function planExperiment(
  baselines: readonly SegmentBaseline[],
  bySegment: boolean,
  options: PlanOptions,
): ExperimentPlan {
  const looks = options.arms.length - 1
  const overall = planSample(pool(baselines), looks, options)
  if (!bySegment) return { overall, segments: [] }
  return { overall, segments: baselines.map((one) => planSample(one, looks * baselines.length, options)) }
}

function planSample(baseline: SegmentBaseline, looks: number, options: PlanOptions): PlannedSample {
  const { segment, customers } = baseline
  const mean = baseline.mean!
  const [control, ...others] = options.arms
  const ratios = others.map(({ share }) => share / control!.share)
  const powerOf = (ratio: number): PowerOptions => ({ alpha: options.alpha / looks, power: options.power, ratio })
  const controls = Math.max(...ratios.map((ratio) => sizeFor(baseline, options.minimumEffect, powerOf(ratio))))
  const needed = Math.ceil(controls / control!.share)
  const isEnough = needed <= customers
  const found = Math.max(...ratios.map((ratio) => findable(baseline, customers * control!.share, powerOf(ratio))))
  return {
    segment,
    baseline: mean,
    customers,
    needed,
    isEnough,
    findable: Number.isFinite(found) ? found : null,
    weeks: options.perWeek === null || !isEnough ? null : Math.ceil(needed / options.perWeek),
  }
}

function sizeFor({ mean, deviation, isShare }: SegmentBaseline, effect: number, options: PowerOptions): number {
  if (!isShare) return sizeForMeans(effect / deviation!, options)
  return mean! + effect > 1 ? Infinity : sizeForShares(mean!, mean! + effect, options)
}

function findable({ mean, deviation, isShare }: SegmentBaseline, size: number, options: PowerOptions): number {
  if (size < 2) return NaN
  return isShare ? findableRise(mean!, size, options) : findableEffect(size, options) * deviation!
}

/** Everybody: variance within segments and between them. */
function pool(baselines: readonly SegmentBaseline[]): SegmentBaseline {
  const customers = baselines.reduce((sum, one) => sum + one.customers, 0)
  const mean = baselines.reduce((sum, one) => sum + one.customers * one.mean!, 0) / customers
  const squares = baselines.reduce(
    (sum, one) => sum + (one.customers - 1) * (one.deviation ?? 0) ** 2 + one.customers * (one.mean! - mean) ** 2,
    0,
  )
  const deviation = Math.sqrt(squares / Math.max(1, customers - 1))
  return { segment: 'all', customers, mean, deviation, isShare: baselines.every(({ isShare }) => isShare) }
}
