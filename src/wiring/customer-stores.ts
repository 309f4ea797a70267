import { makeWarehouseStore, type WarehouseStore } from '../adapters/warehouse/privacy/warehouse-store.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { OpenCustomerStores } from '../ports/customer-store.ts'
import { openFileStores } from './file-stores.ts'
import { findPostgres } from './find-connection.ts'
import type { WarehouseAddress } from './warehouse.ts'

/**
 * Every place that can hold rows of customers of these pipelines: what is not in this list is neither exported nor erased.
 *
 * @param warehouses beside those that the pipelines publish to
 * @throws ConfigInvalid, SecretMissing
 */
export function openCustomerStores(
  environment: Environment,
  definitions: readonly Definition[],
  warehouses: readonly WarehouseAddress[] = [],
): OpenCustomerStores {
  const files = openFileStores(environment, definitions)
  const opened = openWarehouses(environment, [...warehouses, ...definitions.map(warehouseOf)])
  return {
    stores: [...opened, ...files.stores],
    async close() {
      await Promise.all([files, ...opened].map((one) => one.close()))
    },
  }
}

function openWarehouses(environment: Environment, addresses: readonly WarehouseAddress[]): readonly WarehouseStore[] {
  const { privacyKey, ledgerKey } = environment
  const found = new Map<string, WarehouseStore>()
  for (const { secret, schema } of addresses) {
    const connectionString = environment.secret(secret)
    const name = `warehouse, schema ${schema}`
    const key = JSON.stringify([connectionString, schema])
    if (!found.has(key))
      found.set(key, makeWarehouseStore({ name, connectionString, secret, schema, privacyKey, ledgerKey }))
  }
  return [...found.values()]
}

function warehouseOf({ connections, pipeline, target }: Definition): WarehouseAddress {
  return { secret: findPostgres(connections, pipeline.publish.warehouse), schema: target.schema }
}
