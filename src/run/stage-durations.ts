import { median } from '../stats/quantile.ts'
import type { StageCounts } from './run-status.ts'
import type { StageName } from './stage.ts'

/** Earlier runs below which nothing is usual. */
const FEWEST_RUNS = 3
const TIMES_AS_LONG = 3
/** Of a stage of seconds nobody cares: another worker, a cold cache. */
const LEAST_LOST_SECONDS = 60

/** How long a finished stage took, and for how many rows. */
export type StageTime = Pick<StageCounts, 'stage' | 'rowsIn' | 'seconds'>

/** Stages of earlier runs. */
export type EarlierStages = readonly (readonly StageTime[])[]

/** A stage that took much longer than it did in earlier runs. */
export interface SlowStage {
  readonly stage: StageName
  readonly seconds: number
  /** What it would usually have taken: the median of earlier runs, each as if it had read as many rows. */
  readonly usualSeconds: number
  /** How many earlier runs that comes of. */
  readonly runs: number
}

/**
 * Finds the stages of a run that took more than three times as long as usual, and more than a minute longer. A stage whose artifact was
 * there already took no time, and counts neither here nor there.
 *
 * @param earlier below three runs nothing is said
 */
export function findSlowStages(stages: readonly StageTime[], earlier: EarlierStages): readonly SlowStage[] {
  return stages.flatMap(({ stage, seconds, rowsIn }) => {
    const before = timesOf(stage, earlier)
    const usualSeconds = usual(before, rowsIn)
    if (usualSeconds === undefined) return []
    const isSlow = seconds > TIMES_AS_LONG * usualSeconds && seconds - usualSeconds > LEAST_LOST_SECONDS
    return isSlow ? [{ stage, seconds, usualSeconds, runs: before.length }] : []
  })
}

/**
 * What a stage that has not ended, and whose rows nobody has counted yet, usually takes.
 *
 * @returns undefined where fewer than three earlier runs tell
 */
export function usualSecondsOf(stage: StageName, earlier: EarlierStages): number | undefined {
  return usual(timesOf(stage, earlier), 0)
}

function timesOf(stage: StageName, earlier: EarlierStages): readonly StageTime[] {
  return earlier.flatMap((run) => run.filter((one) => one.stage === stage && one.seconds > 0))
}

/** More rows may take longer, in proportion; fewer need not be quicker. */
function usual(before: readonly StageTime[], rowsIn: number): number | undefined {
  if (before.length < FEWEST_RUNS) return undefined
  return median(before.map((one) => one.seconds * Math.max(1, rowsIn / Math.max(1, one.rowsIn))))
}
