import { readRun } from '../client/read-run.ts'
import type { PausedActivities } from '../client/pause-run.ts'
import type { RunEvent } from '../ports/ledger.ts'
import { parseRunId } from '../run/run-key.ts'
import { recordAct } from '../wiring/record-act.ts'
import type { CommandContext } from './command-context.ts'
import { warehouseOf } from './find-definition.ts'
import type { FoundRun } from './with-run.ts'

export interface Acted extends PausedActivities, Pick<RunEvent, 'event' | 'by' | 'reason'> {}

/**
 * Keeps in view `run_events` what Temporal keeps in no history. It is done already: what keeps it from being written takes nothing back.
 *
 * @returns whether it is kept
 */
export async function recordActOf(
  { terminal }: CommandContext,
  { environment, access, workflowId, definition }: FoundRun,
  { event, by, reason, temporalRunId }: Acted,
): Promise<boolean> {
  const { status } = await readRun(access, workflowId)
  const run = status?.runKey ? status : parseRunId(workflowId.slice(workflowId.lastIndexOf('/') + 1))
  if (run?.revision === undefined) return false
  const identified = { runKey: run.runKey, revision: run.revision }
  try {
    await recordAct(environment, warehouseOf(definition), identified, temporalRunId, { event, by, reason })
    return true
  } catch (error) {
    terminal.complain(`View run_events does not tell of it: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}
