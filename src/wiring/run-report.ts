import { readReport, type ReportSources } from '../activities/read-report.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { makeServices } from './services.ts'

export type { ReportSources } from '../activities/read-report.ts'

/**
 * Reads from the artifact store of a pipeline.
 *
 * @param uri artifact of stage validate
 * @throws ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid
 */
export async function readReportSources(
  environment: Environment,
  definition: Definition,
  uri: string,
): Promise<ReportSources> {
  const services = makeServices(environment)
  try {
    return await readReport(services, definition, uri)
  } finally {
    await services.close()
  }
}
