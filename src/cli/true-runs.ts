import { explainServerRefusal } from '../client/server-refusal.ts'
import type { Environment } from '../config/environment.ts'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { PermissionDenied } from '../errors/permission-denied.ts'
import type { RunFilter, RunRow } from '../ports/warehouse-reader.ts'
import { settleRecords } from '../wiring/settle-runs.ts'
import { openWarehouseReader } from '../wiring/warehouse.ts'
import type { WarehouseAddress } from '../wiring/warehouse.ts'
import { withTemporal } from './servers.ts'

/**
 * Runs as they are recorded, once the record of those that were terminated is put right: they could not say so themselves. Where Temporal
 * or the right to write is missing, they are shown as they are recorded.
 *
 * @param pipeline undefined: of every pipeline
 */
export async function readTrueRuns(
  environment: Environment,
  address: WarehouseAddress,
  pipeline: string | undefined,
  limit: number,
  filter: RunFilter = {},
): Promise<readonly RunRow[]> {
  const reader = openWarehouseReader(environment, address)
  try {
    // One that failed without a word is still recorded as open: only a look at those tells.
    const open = filter.statuses ? await reader.runs(pipeline, 1, { statuses: ['running', 'held'] }) : undefined
    const runs = await reader.runs(pipeline, limit, filter)
    if (!(open ?? runs).some(({ status }) => status === 'running' || status === 'held')) return runs
    await settle(environment, address)
    return await reader.runs(pipeline, limit, filter)
  } finally {
    await reader.close()
  }
}

/** As for `readTrueRuns`. */
export async function settle(environment: Environment, address: WarehouseAddress): Promise<void> {
  try {
    await withTemporal(environment, (access) =>
      settleRecords(environment, address, access.client.workflow).catch((error: unknown) => {
        throw explainServerRefusal(error, access)
      }),
    )
  } catch (error) {
    if (!(error instanceof ConnectionFailed || error instanceof PermissionDenied)) throw error
  }
}
