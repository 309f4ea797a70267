import { checkDefinitionSize } from '../plan/payload-size.ts'
import { SYNC_WORKFLOW_TYPE, type SyncInput, syncStartOf } from '../plan/sync-input.ts'
import type { TemporalAccess } from './connect.ts'
import { startOrJoin } from './start-or-join.ts'

/**
 * Starts a sync, or attaches to it while it runs. One that has ended starts again, and sends what is still pending.
 *
 * @returns the Workflow Id
 */
export async function startSync(access: TemporalAccess, input: SyncInput): Promise<string> {
  checkDefinitionSize(input.definition)
  return startOrJoin(access, SYNC_WORKFLOW_TYPE, syncStartOf(input))
}
