import { makeLedger } from '../adapters/warehouse/ledger.ts'
import type { Environment } from '../config/environment.ts'
import type { RunEvent } from '../ports/ledger.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Adds what somebody just did to a run, however often it was done before. @throws SecretMissing, ConnectionFailed, PermissionDenied */
export async function recordAct(
  environment: Environment,
  { secret, schema }: WarehouseAddress,
  run: RunIdentity,
  temporalRunId: string,
  event: RunEvent,
): Promise<void> {
  const ledger = makeLedger({ connectionString: environment.secret(secret), secret, schema })
  try {
    await ledger.recordEvent(run, temporalRunId, event, Date.now())
  } finally {
    await ledger.close()
  }
}
