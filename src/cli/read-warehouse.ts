import type { Definition } from '../plan/definition.ts'
import type { WarehouseReader } from '../ports/warehouse-reader.ts'
import { openWarehouseReader } from '../wiring/warehouse.ts'
import type { Environment } from '../config/environment.ts'
import type { CommandContext } from './command-context.ts'
import { warehouseOf } from './find-definition.ts'
import { withServers } from './servers.ts'

/** Reads the warehouse of a pipeline; embedded servers that do not run are brought up for it. */
export function readWarehouse<T>(
  context: CommandContext,
  definition: Definition,
  read: (reader: WarehouseReader) => Promise<T>,
): Promise<T> {
  return withServers(context, definition.target, 'start', ({ environment }) =>
    withReader(environment, definition, read),
  )
}

export async function withReader<T>(
  environment: Environment,
  definition: Definition,
  read: (reader: WarehouseReader) => Promise<T>,
): Promise<T> {
  const reader = openWarehouseReader(environment, warehouseOf(definition))
  try {
    return await read(reader)
  } finally {
    await reader.close()
  }
}
