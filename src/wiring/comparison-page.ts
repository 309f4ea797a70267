import { readComparison } from '../activities/read-comparison.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComparisonPages } from '../run/comparison-pages.ts'
import { makeServices } from './services.ts'

/** Reads from the artifact store of a pipeline. @throws ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function readComparisonPage(
  environment: Environment,
  definition: Definition,
  pages: ComparisonPages,
): Promise<{ readonly html: string; readonly markdown: string }> {
  const services = makeServices(environment)
  try {
    return await readComparison(services, definition, pages)
  } finally {
    await services.close()
  }
}
