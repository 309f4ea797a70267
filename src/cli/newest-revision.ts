import { findRun } from '../client/find-run.ts'
import type { TemporalAccess } from '../client/connect.ts'
import type { Environment } from '../config/environment.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import type { Definition } from '../plan/definition.ts'
import { withReader } from './read-warehouse.ts'

/** The newest revision of a run key that Temporal or the warehouse knows, 0 when there is none. */
export async function newestRevision(
  environment: Environment,
  access: TemporalAccess,
  definition: Definition,
  runKey: string,
): Promise<number> {
  const [recorded, workflowId] = await Promise.all([
    withReader(environment, definition, (reader) => reader.describeRun(runKey, undefined)),
    findRun(access, definition.targetName, runKey).catch((error: unknown) => {
      if (error instanceof RunNotFound) return ''
      throw error
    }),
  ])
  return Math.max(recorded?.revision ?? 0, Number(/~(\d+)$/.exec(workflowId)?.[1] ?? 0))
}
