import { describeFeatures } from '../activities/describe-features.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { FeatureDistributions } from '../stages/features/distribution.ts'
import { makeServices } from './services.ts'

/** Reads from the artifact store of a pipeline. @throws ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function readFeatureDistributions(
  environment: Environment,
  definition: Definition,
  featuresUri: string,
): Promise<FeatureDistributions> {
  const services = makeServices(environment)
  try {
    return await describeFeatures(services, definition, featuresUri)
  } finally {
    await services.close()
  }
}
