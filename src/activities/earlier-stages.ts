import type { Ledger } from '../ports/ledger.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { StageTime } from '../run/stage-durations.ts'
import type { PlannedRun } from './activities.ts'

/** For the page of a run: figures alone, since histories keep what activities return. No run waits for what is only good to know. */
export async function earlierStagesOf(
  ledger: Pick<Ledger, 'earlierStages'>,
  run: RunIdentity,
): Promise<Pick<PlannedRun, 'earlierStages'>> {
  try {
    const runs = await ledger.earlierStages(run)
    const timeOf = ({ stage, rowsIn, seconds }: StageTime): StageTime => ({ stage, rowsIn, seconds })
    return { earlierStages: runs.map((stages) => stages.map(timeOf)) }
  } catch {
    return {}
  }
}
