import { registerSearchAttributes } from '../client/register-attributes.ts'
import type { TemporalAccess } from '../client/connect.ts'
import type { Definition } from '../plan/definition.ts'
import { migrateWarehouse } from '../wiring/warehouse.ts'
import type { MigrationReport } from '../wiring/warehouse.ts'
import { warehousesOf } from './find-definition.ts'
import type { Servers } from './servers.ts'

export interface Preparation {
  readonly warehouses: readonly MigrationReport[]
  /** Names that the namespace lacked. */
  readonly searchAttributes: readonly string[]
}

/** Makes warehouse and Temporal ready for workers of this version; nothing happens where they are. */
export async function prepareServers(
  { environment }: Pick<Servers, 'environment'>,
  access: TemporalAccess,
  definitions: readonly Definition[],
): Promise<Preparation> {
  const [searchAttributes, ...warehouses] = await Promise.all([
    registerSearchAttributes(access),
    ...warehousesOf(definitions).map((address) => migrateWarehouse(environment, address)),
  ])
  return { warehouses, searchAttributes }
}
