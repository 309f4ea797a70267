import { startSync } from '../client/start-sync.ts'
import { ResegmentError } from '../errors/resegment-error.ts'
import type { Definition } from '../plan/definition.ts'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import type { CommandContext } from './command-context.ts'
import { namedRun } from './find-definition.ts'
import { readStatus } from './read-status.ts'
import { withTemporal, type Servers } from './servers.ts'

interface Told {
  readonly workflowIds: readonly string[]
  /** For people. */
  readonly lines: readonly string[]
}

/**
 * Starts a sync for each destination once consumers see an earlier run again. A rollback must work when Temporal does not: then people
 * are told what is left to do, and the next sync of the pipeline tells the destinations in any case.
 */
export async function tellOfReturn(
  context: CommandContext,
  servers: Servers,
  definition: Definition,
  { run, shownSince }: { readonly run: RunIdentity; readonly shownSince: string },
): Promise<Told> {
  const names = Object.keys(definition.pipeline.activate ?? {})
  if (names.length === 0) return { workflowIds: [], lines: [] }
  const runId = formatRunId(run)
  const workflowIds: string[] = []
  try {
    const { status } = await readStatus(context, servers, namedRun(context, runId))
    const validationUri = status.artifacts.validate ?? null
    await withTemporal(servers.environment, async (access) => {
      for (const destination of names)
        workflowIds.push(await startSync(access, { definition, ...run, destination, validationUri, shownSince }))
    })
    return { workflowIds, lines: [`${names.join(', ')}: told by the worker. Follow it: resegment sync ${runId}`] }
  } catch (error) {
    if (!(error instanceof ResegmentError)) throw error
    const left = names.slice(workflowIds.length).join(', ')
    return { workflowIds, lines: [`${left}: not told yet. ${error.what} Tell them: resegment sync ${runId}`] }
  }
}
