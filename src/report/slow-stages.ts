import { formatSeconds } from '../run/figures.ts'
import type { SlowStage } from '../run/stage-durations.ts'

/** `Slow: cleanse took 9 min 12 s, 4.1 times as long as usual (2 min 14 s, the median of 5 earlier runs).` */
export function slowStageLines(slow: readonly SlowStage[]): readonly string[] {
  return slow.map(
    ({ stage, seconds, usualSeconds, runs }) =>
      `Slow: ${stage} took ${formatSeconds(seconds)}, ${(seconds / usualSeconds).toFixed(1)} times as long as usual (${formatSeconds(usualSeconds)}, the median of ${runs} earlier runs).`,
  )
}
