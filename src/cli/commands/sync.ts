import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { startSync } from '../../client/start-sync.ts'
import { followSync } from '../../client/follow-sync.ts'
import type { TemporalAccess } from '../../client/connect.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import type { SyncInput } from '../../plan/sync-input.ts'
import { formatRunId } from '../../run/run-key.ts'
import { wasPublished } from '../../run/run-status.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { namedRun } from '../find-definition.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { readStatus } from '../read-status.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import { syncEndLines } from '../sync-end-lines.ts'
import { whoami } from '../who.ts'

interface SyncOptions {
  readonly destination?: string
  readonly full?: boolean
  readonly embedded?: boolean
}

export function addSync(program: Command): void {
  program
    .command('sync')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Tell destinations what they were not told of a published run yet, and follow it.')
    .option('--destination <name>', 'only this one of `activate` (default: all)')
    .option('--full', 'tell everybody who is in a segment now, whatever was told before; the run must be live')
    .option('--embedded', 'bring servers and a worker up for this command')
    .action(act(sync))
}

async function sync(context: CommandContext, text: string, options: SyncOptions): Promise<ExitCode> {
  const { terminal, targetName } = context
  const { embedded = false } = options
  const run = namedRun(context, text)
  const { definition } = run
  const names = destinationsOf(definition, options.destination)
  if (embedded) checkEmbedded(context, definition.target)
  return withServers(context, definition.target, embedded ? 'start' : 'join', async (servers) => {
    const { status } = await readStatus(context, servers, run)
    if (!wasPublished(status))
      throw new WrongUsage(
        `Run ${formatRunId(status)} is ${status.status}: there is nothing to tell anybody of it.`,
        `Name a run that was published: resegment runs ${status.pipeline}`,
      )
    const { runKey, revision, artifacts } = status
    const wholesale = options.full ? { full: randomUUID(), by: whoami() } : {}
    const inputs = names.map((destination): SyncInput => ({
      ...{ definition, runKey, revision, destination, validationUri: artifacts.validate ?? null, ...wholesale },
    }))
    return withTemporal(servers.environment, async (access) => {
      if (!embedded) {
        await warnOfMissingWorker(terminal, access, targetName)
        return tell(context, inputs, access, servers.signal)
      }
      await prepareServers(servers, access, [definition])
      return withWorker(context, servers.environment, () => tell(context, inputs, access, servers.signal))
    })
  })
}

function destinationsOf(
  { pipeline: { pipeline, activate = {} } }: Definition,
  asked: string | undefined,
): readonly string[] {
  const names = Object.keys(activate)
  if (asked === undefined ? names.length > 0 : names.includes(asked)) return asked === undefined ? names : [asked]
  throw new WrongUsage(
    `Pipeline ${pipeline} has ${asked === undefined ? 'no destinations' : `no destination ${asked}; it has ${names.join(', ') || 'none'}`}.`,
    'Destinations are named under activate in the pipeline file.',
  )
}

/** All of them at once: none waits for another. */
async function tell(
  { terminal }: CommandContext,
  inputs: readonly SyncInput[],
  access: TemporalAccess,
  signal: AbortSignal,
): Promise<ExitCode> {
  const said = new Set<string>()
  const ends = await Promise.all(
    inputs.map(async (input) => {
      const workflowId = await startSync(access, input)
      const end = await followSync(
        access,
        workflowId,
        ({ attempt, type, message }) => {
          const line = `${input.destination}: attempt ${attempt} follows; the last one failed: ${type}: ${message.split('\n')[0]}`
          if (!said.has(line)) terminal.say(line)
          said.add(line)
        },
        signal,
      )
      const lines = syncEndLines(input.destination, end)
      if (end?.how === 'failed') terminal.complain(...lines)
      else terminal.say(...lines)
      return { destination: input.destination, workflowId, end }
    }),
  )
  terminal.document({
    syncs: ends.map(({ end, ...sync }) => ({
      ...sync,
      ...(end?.how === 'completed' ? end.status : { state: end ? 'failed' : 'running', message: end?.message ?? null }),
    })),
  })
  return ends.every(({ end }) => end?.how === 'completed') ? exitCodes.done : exitCodes.failed
}
