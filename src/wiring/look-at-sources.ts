import { lookAtSources, rolesOfSources } from '../activities/look-at-sources.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { SourceRole } from '../run/data-roles.ts'
import type { SourceLook } from '../stages/extract/source-look.ts'
import { makeServices } from './services.ts'

export type { SourceLook }

/** Looks at all sources that definitions of one project read, each once. */
export async function lookAtProject(
  environment: Environment,
  definitions: readonly Definition[],
  onSource: (sourceName: string) => void,
): Promise<readonly SourceLook[]> {
  const [first] = definitions
  if (!first) return []
  const wanted = new Map<string, Set<SourceRole>>()
  for (const definition of definitions)
    for (const [name, roles] of rolesOfSources(definition))
      wanted.set(name, new Set([...(wanted.get(name) ?? []), ...roles]))
  const definition: Definition = {
    ...first,
    connections: Object.assign({}, ...definitions.map(({ connections }) => connections)),
    sources: Object.assign({}, ...definitions.map(({ sources }) => sources)),
  }
  const services = makeServices(environment)
  try {
    return await lookAtSources(services, definition, wanted, onSource)
  } finally {
    await services.close()
  }
}
