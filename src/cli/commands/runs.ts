import { type Command, Option } from 'commander'
import { runList } from '../../report/run-list.ts'
import { recordedStates, type RunState } from '../../run/run-status.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, definitionOf, targetOf, warehousesOf } from '../find-definition.ts'
import { sinceInstant } from '../since-instant.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'
import { readTrueRuns } from '../true-runs.ts'

export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .option('--limit <number>', 'how many, the newest first', wholeNumber, 20)
    .addOption(new Option('--status <status...>', 'only runs in one of these').choices(recordedStates))
    .option('--failed', 'only runs that failed: --status failed')
    .option(
      '--since <span>',
      'only runs that started no longer ago: "12 hours", "7 days", or since a date',
      sinceInstant,
    )
    .description('List runs with their state and verdict.')
    .action(act(listRuns))
}

interface RunsOptions {
  readonly limit: number
  readonly status?: readonly RunState[]
  readonly failed?: true
  readonly since?: string
}

async function listRuns(
  context: CommandContext,
  pipeline: string | undefined,
  { limit, status, failed, since }: RunsOptions,
): Promise<void> {
  const statuses = failed ? [...(status ?? []), 'failed' as const] : status
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  const runs = await withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const read = warehousesOf(definitions).map((address) =>
      readTrueRuns(environment, address, pipeline, limit, { statuses, since }),
    )
    return (await Promise.all(read)).flat()
  })
  context.terminal.document(runs)
  context.terminal.say(...(runs.length === 0 && (statuses ?? since) ? ['No such runs.'] : runList(runs)))
}
