import type { TemporalAccess } from '../client/connect.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { CommandContext } from './command-context.ts'
import type { ExitCode } from './exit-code.ts'
import { exitCodeOfRun, exitCodes } from './exit-code.ts'
import { namedRun } from './find-definition.ts'
import { findKnownRun } from './find-known-run.ts'
import { follow } from './follow.ts'
import { withWorker } from './local-worker.ts'
import { prepareServers } from './prepare-servers.ts'
import { tellOutcome } from './run-outcome.ts'
import { checkEmbedded, withServers, withTemporal } from './servers.ts'

/** A run of Temporal, and what it was found with. */
export interface FoundRun {
  readonly environment: Environment
  readonly access: TemporalAccess
  readonly workflowId: string
  readonly definition: Definition
}

/**
 * Does something to a run: on servers that run, or with `--embedded` on its own, where the run is then followed to its end.
 *
 * @param change returns what to print for programs
 */
export async function changeRun(
  context: CommandContext,
  text: string,
  { embedded = false }: { readonly embedded?: boolean },
  change: (run: FoundRun) => Promise<unknown>,
): Promise<ExitCode> {
  const { terminal } = context
  const run = namedRun(context, text)
  const { definition } = run
  if (embedded) checkEmbedded(context, definition.target)
  return withServers(context, definition.target, embedded ? 'start' : 'join', (servers) =>
    withTemporal(servers.environment, async (access) => {
      const changeIt = async (): Promise<string> => {
        const workflowId = await findKnownRun(servers.environment, access, run)
        const document = await change({ environment: servers.environment, access, workflowId, definition })
        if (!embedded) terminal.document(document)
        return workflowId
      }
      if (!embedded) {
        await changeIt()
        return exitCodes.done
      }
      await prepareServers(servers, access, [definition])
      return withWorker(context, servers.environment, async () => {
        const workflowId = await changeIt()
        const view = await follow({
          ...{ terminal, access, targetName: definition.targetName, workflowId },
          ...{ signal: servers.signal, isDecided: true },
        })
        tellOutcome(context, view)
        // Rejected or cancelled is what was asked for.
        const state = view.status?.status ?? 'failed'
        return state === 'rejected' || view.end?.how === 'cancelled'
          ? exitCodes.done
          : exitCodeOfRun(state, view.status?.supersededBy)
      })
    }),
  )
}
