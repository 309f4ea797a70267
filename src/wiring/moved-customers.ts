import type { MovedCustomers } from '../activities/list-moved-customers.ts'
import { listMovedCustomers } from '../activities/list-moved-customers.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

export type { MovedCustomers } from '../activities/list-moved-customers.ts'

/** Reads from the artifact store of a pipeline. @throws ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function readMovedCustomers(
  environment: Environment,
  definition: Definition,
  ...request: [candidateUri: string, filter: Parameters<typeof listMovedCustomers>[3]]
): Promise<MovedCustomers> {
  const services = makeServices(environment)
  try {
    return await listMovedCustomers(services, definition, ...request)
  } finally {
    await services.close()
  }
}
