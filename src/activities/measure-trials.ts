import { compareTrials, type TrialComparison } from '../effectiveness/compare-trials.ts'
import { judgeEffectiveness, type Effectiveness } from '../effectiveness/judge-effectiveness.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import { type JudgingRun, type OutcomeRun, readOutcome } from './measure-effectiveness.ts'

/** A way to segment that was tried: its segments, and by whom they are judged. */
export interface TriedRun {
  readonly judged: OutcomeRun
  readonly later: JudgingRun
}

export interface MeasuredTrials {
  /** In the order of the trials. */
  readonly found: readonly Effectiveness[]
  readonly comparison: TrialComparison
}

/** Judges several ways to segment, and says which is best. @throws as `measureEffectiveness` */
export async function measureTrials(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  tried: readonly TriedRun[],
): Promise<MeasuredTrials> {
  const trials = []
  for (const { judged, later } of tried) trials.push(await readOutcome(services, definition, judged, later))
  return { found: trials.map(({ judged }) => judgeEffectiveness(judged)), comparison: compareTrials(trials) }
}
