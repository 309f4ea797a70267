import type { Command } from 'commander'
import type { SuppressionOutcome, SuppressionRequest } from '../../ports/suppression.ts'
import { formatCount } from '../../run/figures.ts'
import { openSuppressions } from '../../wiring/privacy.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { readCustomerIds } from '../customer-ids.ts'
import { allDefinitions, definitionOf, targetOf, warehousesOf } from '../find-definition.ts'
import { withServers, withTemporal } from '../servers.ts'
import { whoami } from '../who.ts'
import { startWithdrawalSyncs } from '../withdrawal-syncs.ts'

interface SuppressOptions {
  readonly file?: string
  readonly pipeline?: string
  readonly undo?: boolean
  readonly reason: string
  readonly by?: string
}

export function addSuppress(program: Command): void {
  program
    .command('suppress')
    .argument('[ids...]', 'customers, as in the source')
    .description(
      'Segment customers no longer who objected to it: they leave what consumers see at once; history stays.',
    )
    .option('--file <path>', 'a file with an id a line; - for standard input')
    .option('--pipeline <name>', 'only this one (default: all pipelines of the target)')
    .option('--undo', 'take the objection back: the next run segments them again')
    .option('--reason <text>', 'why; kept on the list', 'The customer objected.')
    .option('--by <name>', 'who decides (default: your user and host name)')
    .action(act(suppress))
}

async function suppress(context: CommandContext, ids: string[], options: SuppressOptions): Promise<void> {
  const { terminal } = context
  const { undo = false, pipeline, reason, by = whoami() } = options
  const customerIds = await readCustomerIds({ ids, ...(options.file !== undefined && { file: options.file }) })
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  const request: SuppressionRequest = { customerIds, pipelines: pipeline === undefined ? null : [pipeline], by, reason }
  await withServers(context, targetOf(context), 'start', async ({ environment }) => {
    const outcomes: SuppressionOutcome[] = []
    for (const address of warehousesOf(definitions)) {
      const suppressions = openSuppressions(environment, address)
      try {
        outcomes.push(await (undo ? suppressions.undo(request) : suppressions.add(request)))
      } finally {
        await suppressions.close()
      }
    }
    const withdrawn = outcomes.flatMap((outcome) => outcome.withdrawn)
    const told =
      withdrawn.length > 0 && definitions.some((one) => one.pipeline.activate)
        ? await withTemporal(environment, (access) => startWithdrawalSyncs(access, definitions, withdrawn))
        : []
    const changed = Math.max(0, ...outcomes.map((outcome) => outcome.changed))
    terminal.document({ undo, customers: customerIds.length, changed, withdrawn, told })
    terminal.say(
      undo
        ? `${count(changed)} taken off the list; the next run segments them again.`
        : `${count(changed)} put on the list${changed < customerIds.length ? `; ${count(customerIds.length - changed)} had been on it` : ''}.`,
      ...withdrawn.map(
        (one) => `${one.pipeline}: ${count(one.customers)} left what consumers see of ${one.runKey}~${one.revision}.`,
      ),
      ...told.map((name) => `Destination ${name} is being told.`),
    )
  })
}

function count(customers: number): string {
  return `${formatCount(customers)} ${customers === 1 ? 'customer' : 'customers'}`
}
