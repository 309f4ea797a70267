import { makeExperiments } from '../adapters/warehouse/experiments.ts'
import type { Environment } from '../config/environment.ts'
import type { Experiments } from '../ports/experiments.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Opens no connection before it is used. @throws SecretMissing */
export function openExperiments(environment: Environment, { secret, schema }: WarehouseAddress): Experiments {
  const { privacyKey } = environment
  return makeExperiments({ connectionString: environment.secret(secret), secret, schema, privacyKey })
}
