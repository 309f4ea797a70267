import type { Command } from 'commander'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, targetOf } from '../find-definition.ts'
import { grantStatements } from '../../wiring/warehouse.ts'
import { prepareServers } from '../prepare-servers.ts'
import { withServers, withTemporal } from '../servers.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Prepare the schema of the warehouse and the search attributes of Temporal for this version.')
    .option('--print-grants', 'print SQL that lets roles read the views, and publish, and do nothing else')
    .option('--reader <role>', 'with --print-grants, the role of those who read', 'resegment_reader')
    .option('--publisher <role>', 'with --print-grants, the role of workers', 'resegment_publisher')
    .action(act(migrate))
}

interface MigrateOptions {
  readonly printGrants?: boolean
  readonly reader: string
  readonly publisher: string
}

async function migrate(context: CommandContext, { printGrants, ...roles }: MigrateOptions): Promise<void> {
  const { terminal } = context
  if (printGrants) {
    const { schema } = targetOf(context)
    const statements = grantStatements({ schema, ...roles })
    terminal.document({ schema, ...roles, statements })
    terminal.say(...statements)
    return
  }
  const definitions = allDefinitions(context)
  const prepared = await withServers(context, targetOf(context), 'start', (servers) =>
    withTemporal(servers.environment, (access) => prepareServers(servers, access, definitions)),
  )
  terminal.document(prepared)
  terminal.say(
    ...prepared.warehouses.map(({ schema, applied, newest }) =>
      applied.length === 0
        ? `Schema ${schema} is up to date at ${newest}.`
        : `Schema ${schema}: applied ${applied.join(', ')}.`,
    ),
    prepared.searchAttributes.length === 0
      ? 'Temporal has all search attributes.'
      : `Temporal: registered ${prepared.searchAttributes.join(', ')}.`,
  )
}
