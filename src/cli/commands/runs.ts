import type { Command } from 'commander'
import { runList } from '../../report/run-list.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, definitionOf, targetOf, warehousesOf } from '../find-definition.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'
import { readTrueRuns } from '../true-runs.ts'

export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .option('--limit <number>', 'how many, the newest first', wholeNumber, 20)
    .description('List runs with their state and verdict.')
    .action(act(listRuns))
}

async function listRuns(
  context: CommandContext,
  pipeline: string | undefined,
  { limit }: { readonly limit: number },
): Promise<void> {
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  const runs = await withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const read = warehousesOf(definitions).map((address) => readTrueRuns(environment, address, pipeline, limit))
    return (await Promise.all(read)).flat()
  })
  context.terminal.document(runs)
  context.terminal.say(...runList(runs))
}
