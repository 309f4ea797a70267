import { makeWarehouseReader } from '../adapters/warehouse/reader.ts'
import { migrate } from '../adapters/warehouse/migrate.ts'
import { makeTags } from '../adapters/warehouse/tags.ts'
import type { MigrationReport } from '../adapters/warehouse/migrate.ts'

import type { Environment } from '../config/environment.ts'
import type { Tags } from '../ports/tags.ts'
import type { WarehouseReader } from '../ports/warehouse-reader.ts'

export type { MigrationReport } from '../adapters/warehouse/migrate.ts'

/** Where the tables of a target are. */
export interface WarehouseAddress {
  /** Name of the secret that holds the connection URL. */
  readonly secret: string
  readonly schema: string
}

/** Opens no connection before it is used. @throws SecretMissing */
export function openWarehouseReader(environment: Environment, { secret, schema }: WarehouseAddress): WarehouseReader {
  return makeWarehouseReader({ connectionString: environment.secret(secret), secret, schema })
}

/** Opens no connection before it is used. @throws SecretMissing */
export function openTags(environment: Environment, { secret, schema }: WarehouseAddress): Tags {
  const { privacyKey } = environment
  return makeTags({ connectionString: environment.secret(secret), secret, schema, privacyKey })
}

/** Brings the schema up to this version. @throws SecretMissing, ConnectionFailed, PermissionDenied */
export function migrateWarehouse(
  environment: Environment,
  { secret, schema }: WarehouseAddress,
): Promise<MigrationReport> {
  return migrate({ connectionString: environment.secret(secret), secret, schema })
}

/** SQL that gives a reader and a publisher what they need. */
export { grantStatements } from '../adapters/warehouse/grants.ts'
