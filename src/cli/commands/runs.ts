import { type Command, Option } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import type { Definition } from '../../plan/definition.ts'
import { missedRuns } from '../../report/missed-runs.ts'
import { runList } from '../../report/run-list.ts'
import { recordedStates, type RunState } from '../../run/run-status.ts'
import { withScheduleBooks } from '../../wiring/schedule-books.ts'
import { staleness } from '../../wiring/staleness.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { allDefinitions, definitionOf, targetOf, warehousesOf } from '../find-definition.ts'
import { sinceInstant } from '../since-instant.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'
import { readTrueRuns } from '../true-runs.ts'

interface RunsOptions {
  readonly limit: number
  readonly missed?: boolean
  readonly failIfStale?: boolean
  readonly status?: readonly RunState[]
  readonly failed?: true
  readonly since?: string
}

export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .option('--missed', 'only runs that schedules owe and that did not come out: told without Temporal')
    .option('--fail-if-stale', 'with --missed, fail where a refit is overdue, so that what consumers see is stale')
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

async function listRuns(
  context: CommandContext,
  pipeline: string | undefined,
  { limit, missed, failIfStale, status, failed, since }: RunsOptions,
): Promise<ExitCode> {
  const statuses = failed ? [...(status ?? []), 'failed' as const] : status
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  if (missed) return listMissed(context, definitions, pipeline, { limit, failIfStale })
  if (failIfStale) throw new WrongUsage('--fail-if-stale looks at runs that are owed.', 'Say --missed as well.')
  const runs = await withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const read = warehousesOf(definitions).map((address) =>
      readTrueRuns(environment, address, pipeline, limit, { statuses, since }),
    )
    return (await Promise.all(read)).flat()
  })
  context.terminal.document(runs)
  context.terminal.say(...(runs.length === 0 && (statuses ?? since) ? ['No such runs.'] : runList(runs)))
  return exitCodes.done
}

async function listMissed(
  context: CommandContext,
  definitions: readonly Definition[],
  pipeline: string | undefined,
  { limit, failIfStale }: Pick<RunsOptions, 'limit' | 'failIfStale'>,
): Promise<ExitCode> {
  const [due, stale] = await withServers(context, targetOf(context), 'start', async ({ environment }) => [
    await withScheduleBooks(environment, definitions, (books) => books.dueRuns(pipeline)),
    await staleness(environment, definitions),
  ])
  const missed = due.filter(({ state }) => state !== 'published').slice(-limit)
  const isStale = stale.some((one) => one.isStale)
  context.terminal.document({ isStale, runs: missed })
  context.terminal.say(...missedRuns(missed))
  return failIfStale && isStale ? exitCodes.failed : exitCodes.done
}
