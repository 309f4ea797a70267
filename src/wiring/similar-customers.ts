import { findSimilarCustomers, liveFrom } from '../activities/find-similar-customers.ts'
import type { LiveCustomers, SimilarCustomers } from '../activities/find-similar-customers.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { PublishedState } from '../ports/ledger.ts'
import { makeServices } from './services.ts'

export type { SimilarCustomers } from '../activities/find-similar-customers.ts'

/** What is live of a pipeline. @throws NothingToScoreWith, ConnectionFailed, PermissionDenied, WarehouseNotMigrated */
export async function readLive(
  environment: Environment,
  definition: Definition,
): Promise<Pick<LiveCustomers, 'runId' | 'model'> & Pick<PublishedState, 'segments'>> {
  const services = makeServices(environment)
  const { pipeline } = definition.pipeline
  try {
    return liveFrom(await services.ledger(definition).publishedState(pipeline), pipeline)
  } finally {
    await services.close()
  }
}

/** Reads from the artifact store of a pipeline. @throws ArtifactMissing, CustomerNotFound, ConnectionFailed */
export async function readSimilarCustomers(
  environment: Environment,
  definition: Definition,
  ...request: [Parameters<typeof findSimilarCustomers>[2], Parameters<typeof findSimilarCustomers>[3]]
): Promise<SimilarCustomers> {
  const services = makeServices(environment)
  try {
    return await findSimilarCustomers(services, definition, ...request)
  } finally {
    await services.close()
  }
}
