import { adoptSegments } from '../activities/adopt-segments.ts'
import type { Adoption } from '../activities/adopt-segments.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

export type { Adoption } from '../activities/adopt-segments.ts'

/** Publishes segments of a table or file. @throws what `adoptSegments` throws */
export async function adoptFrom(
  environment: Environment,
  definition: Definition,
  ...request: [Parameters<typeof adoptSegments>[2], Parameters<typeof adoptSegments>[3]]
): Promise<Adoption | null> {
  if (definition.pipeline.publish.customerIds !== 'plain')
    throw new ConfigInvalid(
      `Pipeline ${definition.pipeline.pipeline} publishes pseudonyms, and adopted segments have the ids of their table.`,
      'Adopt with publish.customerIds: plain, or begin without: the first run forms the segments.',
    )
  const services = makeServices(environment)
  try {
    return await adoptSegments(services, definition, ...request)
  } finally {
    await services.close()
  }
}
