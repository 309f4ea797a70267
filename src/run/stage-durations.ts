import type { StageCounts } from './run-status.ts'
import type { StageName } from './stage.ts'

/** Earlier runs below which nothing is usual. */
const FEWEST_RUNS = 3
const TIMES_AS_LONG = 3
/** Of a stage of seconds nobody cares: another worker, a cold cache. */
const LEAST_LOST_SECONDS = 60

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
 * @param earlier stages of earlier runs; below three nothing is said
 */
export function findSlowStages(
  stages: readonly StageCounts[],
  earlier: readonly (readonly StageCounts[])[],
): readonly SlowStage[] {
  return stages.flatMap(({ stage, seconds, rowsIn }) => {
    const before = earlier.flatMap((run) => run.filter((one) => one.stage === stage && one.seconds > 0))
    if (before.length < FEWEST_RUNS) return []
    // More rows may take longer, in proportion; fewer need not be quicker.
    const usualSeconds = median(before.map((one) => one.seconds * Math.max(1, rowsIn / Math.max(1, one.rowsIn))))
    const isSlow = seconds > TIMES_AS_LONG * usualSeconds && seconds - usualSeconds > LEAST_LOST_SECONDS
    return isSlow ? [{ stage, seconds, usualSeconds, runs: before.length }] : []
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
}
