import { makeErasures } from '../adapters/warehouse/privacy/erasures.ts'
import { makeSuppressions } from '../adapters/warehouse/privacy/suppressions.ts'
import type { Environment } from '../config/environment.ts'
import type { Erasures } from '../ports/erasure.ts'
import type { Suppressions } from '../ports/suppression.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Opens no connection before it is used. @throws SecretMissing */
export function openSuppressions(environment: Environment, { secret, schema }: WarehouseAddress): Suppressions {
  const { privacyKey } = environment
  return makeSuppressions({ connectionString: environment.secret(secret), secret, schema, privacyKey })
}

/** Opens no connection before it is used. @throws SecretMissing */
export function openErasures(environment: Environment, { secret, schema }: WarehouseAddress): Erasures {
  const { privacyKey } = environment
  return makeErasures({ connectionString: environment.secret(secret), secret, schema, privacyKey })
}
