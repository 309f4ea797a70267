import { compareRuns } from '../activities/compare-runs.ts'
import type { StoredRun } from '../activities/compare-runs.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { RunDiff } from '../stages/validate/diff/run-diff.ts'
import { makeServices } from './services.ts'

export type { StoredRun } from '../activities/compare-runs.ts'

/** Reads from the artifact store of a pipeline. @throws ArtifactMissing, ConnectionFailed, PermissionDenied, ConfigInvalid */
export async function readRunDiff(
  environment: Environment,
  definition: Definition,
  ...runs: [before: StoredRun, after: StoredRun]
): Promise<RunDiff> {
  const services = makeServices(environment)
  try {
    return await compareRuns(services, definition, ...runs)
  } finally {
    await services.close()
  }
}
