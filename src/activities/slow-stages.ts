import { log } from '@temporalio/activity'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Ledger } from '../ports/ledger.ts'
import { formatRunId } from '../run/run-key.ts'
import type { StageCounts } from '../run/run-status.ts'
import { findSlowStages } from '../run/stage-durations.ts'

/** Warns in the log of stages that took much longer than in earlier runs; where these can't be read, nobody is warned. */
export async function warnOfSlowStages(ledger: Ledger, plan: RunPlan, stages: readonly StageCounts[]): Promise<void> {
  const earlier = await ledger.earlierStages(plan).catch(() => [])
  for (const slow of findSlowStages(stages, earlier))
    log.warn('A stage took much longer than it usually does', { run: formatRunId(plan), ...slow })
}
