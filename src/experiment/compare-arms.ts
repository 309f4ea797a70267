import { adjustByCovariate } from '../stats/adjust-by-covariate.ts'
import { bootstrapMeans } from '../stats/bootstrap-means.ts'
import { compareMeans } from '../stats/compare-means.ts'
import { compareShares, type Interval, type Tally } from '../stats/compare-shares.ts'
import { fisherExact } from '../stats/fisher-exact.ts'
import { momentsOf } from '../stats/moments.ts'
import type { MetricKind } from './outcomes.ts'

/** The z test needs as many expected with and without the property in either arm (Cochran 1954). */
const LEAST_EXPECTED = 5

export interface CompareOptions {
  readonly confidence: number
  readonly resamples: number
  readonly seed: number
}

/** One metric of one arm and of the control. */
export interface ComparedValues {
  readonly kind: MetricKind
  /** 0 for the control, 1 for the arm, of shape (n). */
  readonly sides: Int32Array
  readonly values: Float64Array
  /** Without NaN. Null: not known. */
  readonly before: Float64Array | null
}

export type TestName = 'z' | 'fisher' | 'welch' | 'cuped'

export interface ArmComparison {
  readonly controlSize: number
  readonly armSize: number
  /** Share or mean of the control; NaN without customers. */
  readonly control: number
  readonly arm: number
  /** Of the arm less that of the control; after CUPED the adjusted one. */
  readonly difference: number
  readonly interval: Interval
  /** Which test `p` and `interval` are of: the most that the data allows. Fisher's has Newcombe's interval. */
  readonly test: TestName
  readonly p: number
  /** Of Fisher's exact test; null for means. */
  readonly exactP: number | null
  /** Bias-corrected bootstrap of the unadjusted difference; null for shares. */
  readonly bootstrap: Interval | null
  /** Which part of the variance went by what was known before; null: nothing was. */
  readonly varianceReduction: number | null
  /** Of the difference, as the interval has it; what segments are compared with. */
  readonly standardError: number
  /** Of shares only. */
  readonly tallies: readonly [control: Tally, arm: Tally] | null
}

/** @returns null where either side has fewer than two customers: nothing can be said */
export function compareArms(compared: ComparedValues, options: CompareOptions): ArmComparison | null {
  const { kind, sides, values, before } = compared
  const control = values.filter((_, row) => sides[row] === 0)
  const arm = values.filter((_, row) => sides[row] === 1)
  if (control.length < 2 || arm.length < 2) return null
  const means = compareMeans(momentsOf(control), momentsOf(arm), options.confidence)
  const plain = kind === 'share' ? ofShares(control, arm, options) : ofMeans(control, arm, options)
  const found = {
    controlSize: control.length,
    armSize: arm.length,
    control: momentsOf(control).mean,
    arm: momentsOf(arm).mean,
    standardError: means.standardError,
    ...plain,
  }
  if (before === null) return { ...found, varianceReduction: null }
  const adjusted = adjustByCovariate(sides, 2, values, before)
  const { difference, interval, p, standardError } = compareMeans(
    momentsOf(adjusted.values.filter((_, row) => sides[row] === 0)),
    momentsOf(adjusted.values.filter((_, row) => sides[row] === 1)),
    options.confidence,
  )
  const { varianceReduction } = adjusted
  return { ...found, difference, interval, p, standardError, test: 'cuped', varianceReduction }
}

function ofShares(control: Float64Array, arm: Float64Array, { confidence }: CompareOptions) {
  const tallies = [tallyOf(control), tallyOf(arm)] as const
  const { difference, interval, p } = compareShares(...tallies, confidence)
  const exactP = fisherExact(...tallies)
  const isExact = leastExpected(...tallies) < LEAST_EXPECTED
  const test: TestName = isExact ? 'fisher' : 'z'
  return { difference, interval, test, p: isExact ? exactP : p, exactP, bootstrap: null, tallies }
}

function ofMeans(control: Float64Array, arm: Float64Array, options: CompareOptions) {
  const { difference, interval, p } = compareMeans(momentsOf(control), momentsOf(arm), options.confidence)
  const bootstrap = options.resamples > 0 ? bootstrapMeans(control, arm, options).corrected : null
  const test: TestName = 'welch'
  return { difference, interval, test, p, exactP: null, bootstrap, tallies: null }
}

function tallyOf(values: Float64Array): Tally {
  return { count: values.reduce((sum, value) => sum + value, 0), size: values.length }
}

function leastExpected(a: Tally, b: Tally): number {
  const share = (a.count + b.count) / (a.size + b.size)
  return Math.min(a.size, b.size) * Math.min(share, 1 - share)
}
