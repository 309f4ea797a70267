import { adoptSegments } from '../activities/adopt-segments.ts'
import type { Adoption } from '../activities/adopt-segments.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

export type { Adoption } from '../activities/adopt-segments.ts'

/** Publishes segments of a table or file. @throws what `adoptSegments` throws */
export async function adoptFrom(
  environment: Environment,
  definition: Definition,
  ...request: [Parameters<typeof adoptSegments>[2], Parameters<typeof adoptSegments>[3]]
): Promise<Adoption | null> {
  const services = makeServices(environment)
  try {
    return await adoptSegments(services, definition, ...request)
  } finally {
    await services.close()
  }
}
