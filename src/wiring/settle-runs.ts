import { settleRuns } from '../activities/settle-runs.ts'
import type { Workflows } from '../activities/settle-runs.ts'
import { makeLedger } from '../adapters/warehouse/ledger.ts'
import type { Environment } from '../config/environment.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Ends the records of runs that ended without a word. @throws SecretMissing, ConnectionFailed, PermissionDenied */
export async function settleRecords(
  environment: Environment,
  { secret, schema }: WarehouseAddress,
  workflows: Workflows,
): Promise<void> {
  const ledger = makeLedger({ connectionString: environment.secret(secret), secret, schema })
  try {
    await settleRuns(workflows, ledger, undefined)
  } finally {
    await ledger.close()
  }
}
