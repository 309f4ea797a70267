import { makeScorecards } from '../adapters/warehouse/scorecards.ts'
import type { Environment } from '../config/environment.ts'
import type { Scorecards } from '../ports/scorecards.ts'
import type { WarehouseAddress } from './warehouse.ts'

/** Opens no connection before it is used. @throws SecretMissing */
export function openScorecards(environment: Environment, { secret, schema }: WarehouseAddress): Scorecards {
  return makeScorecards({ connectionString: environment.secret(secret), secret, schema })
}
