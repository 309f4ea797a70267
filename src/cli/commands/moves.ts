import type { Command } from 'commander'
import { RunNotFound } from '../../errors/run-not-found.ts'
import { movedCustomers } from '../../report/moved-customers.ts'
import { lineageBlock } from '../../report/run-report.ts'
import { readMovedCustomers } from '../../wiring/moved-customers.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import { readStatus } from '../read-status.ts'
import { withServers } from '../servers.ts'
import { wholeNumber } from '../whole-number.ts'

interface MovesOptions {
  readonly from?: string
  readonly to?: string
  readonly all?: boolean
  readonly outliers?: boolean
  readonly limit: number
}

export function addMoves(program: Command): void {
  program
    .command('moves')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('List the customers behind the moves of a run, also of a held one: who would move, and why.')
    .option('--from <segment>', 'only those who were in this segment: its key, or none')
    .option('--to <segment>', 'only those who are in this segment now: its key, or none')
    .option('--all', 'also customers who stay in their segment')
    .option('--outliers', 'only customers far from all segments')
    .option('--limit <number>', 'how many, in the order of their ids', wholeNumber, 50)
    .action(act(listMoves))
}

async function listMoves(context: CommandContext, text: string, options: MovesOptions): Promise<void> {
  const { terminal } = context
  const run = namedRun(context, text)
  const { from, to, all, outliers, limit } = options
  const filter = { ...(from && { from }), ...(to && { to }), ...(all && { all }), ...(outliers && { outliers }), limit }
  const found = await withServers(context, run.definition.target, 'start', async (servers) => {
    const { status } = await readStatus(context, servers, run)
    const candidateUri = status.artifacts.validate
    if (candidateUri === undefined)
      throw new RunNotFound(
        `Run ${run.text} has no candidate: it did not come to the end of stage validate.`,
        'See `resegment describe` for how far it came.',
      )
    return { status, moved: await readMovedCustomers(servers.environment, run.definition, candidateUri, filter) }
  })
  const { lineage = [] } = found.status
  terminal.document({ ...found.moved, lineage })
  terminal.say(...movedCustomers(found.moved), ...lineageBlock({ lineage }))
}
