import type { Command } from 'commander'
import type { TemporalAccess } from '../../client/connect.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { periodsBetween } from '../../plan/backfill.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { type Backfilled, fillPeriods } from '../fill-periods.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { definitionOf } from '../find-definition.ts'
import { warnOfMissingWorker, withWorker } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { checkEmbedded, type Servers, withServers, withTemporal } from '../servers.ts'

interface BackfillOptions {
  readonly from: string
  readonly to: string
  readonly historical?: boolean
  readonly embedded?: boolean
}

export function addBackfill(program: Command): void {
  program
    .command('backfill')
    .argument('<pipeline>', 'name of the pipeline')
    .requiredOption('--from <period>', 'the first: 2025-Q4, or a date up to its end')
    .requiredOption('--to <period>', 'the last: 2026-Q3, or a date from its end on')
    .option('--historical', 'fill in periods before what is live, which stays as it is')
    .option('--embedded', 'bring servers and a worker up for this command')
    .description('Run past periods in order, each compared with the one before. Those that are published are skipped.')
    .action(act(backfill))
}

function backfill(
  context: CommandContext,
  name: string,
  { from, to, historical = false, embedded }: BackfillOptions,
): Promise<ExitCode> {
  const definition = definitionOf(context, name)
  const periods = periodsBetween(definition.pipeline, from, to)
  const open = periods.find(({ asOf }) => Date.parse(asOf) > Date.now())
  if (open)
    throw new WrongUsage(`Period ${open.period} is not over: it ends at ${open.asOf}.`, 'Name an earlier one in --to.')
  const again = `resegment backfill ${name} --from ${from} --to ${to}${historical ? ' --historical' : ''}`
  const fill = async (servers: Servers, access: TemporalAccess): Promise<ExitCode> => {
    const filled = await fillPeriods(context, servers, access, { definition, periods, historical, again })
    context.terminal.document({ pipeline: name, ...filled })
    return exitCodeOf(filled)
  }
  if (embedded) checkEmbedded(context, definition.target)
  return withServers(context, definition.target, embedded ? 'start' : 'join', (servers) =>
    withTemporal(servers.environment, async (access) => {
      if (embedded) {
        await prepareServers(servers, access, [definition])
        return withWorker(context, servers.environment, () => fill(servers, access))
      }
      await warnOfMissingWorker(context.terminal, access, definition.targetName)
      return fill(servers, access)
    }),
  )
}

function exitCodeOf({ stopped }: Backfilled): ExitCode {
  if (!stopped) return exitCodes.done
  return stopped.status === 'held' ? exitCodes.held : exitCodes.failed
}
