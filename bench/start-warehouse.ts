import { join } from 'node:path'
import { readEnvironment } from '../src/config/environment.ts'
import { startStack } from '../src/wiring/stack.ts'

/** A Postgres alone, named by WAREHOUSE_URL for the processes that follow. */
export async function startWarehouse(folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Only the warehouse is started: the other two are called given.
  const environment = readEnvironment({ TEMPORAL_ADDRESS: '127.0.0.1:1', S3_ENDPOINT: 'http://127.0.0.1:1' })
  const stack = await startStack({ stateFolder: join(folder, 'state'), environment })
  const url = stack.endpoints.warehouse
  process.env.WAREHOUSE_URL = url
  return { url, stop: () => stack.stop() }
}
