import type { Command } from 'commander'
import { loadProject } from '../../config/load-project.ts'
import { readEndpoints } from '../../wiring/stack.ts'
import type { Endpoints } from '../../wiring/stack.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { targetOf } from '../find-definition.ts'
import { noServers } from '../servers.ts'

export function addEndpoints(program: Command): void {
  program
    .command('endpoints')
    .description('Show where the running servers are: Temporal, its UI, warehouse, S3, bucket and schema.')
    .action(act(showEndpoints))
}

async function showEndpoints(context: CommandContext): Promise<void> {
  const { environment, stateFolder, terminal } = context
  const running = await readEndpoints(stateFolder, environment)
  if (!running) throw noServers(context)
  const document = endpointsDocument(context, running.endpoints)
  terminal.document(document)
  terminal.say(...Object.entries(document).map(([name, value]) => `${name.padEnd(10)}  ${value ?? '–'}`))
}

/** What programs are told of the servers: `endpoints --json` and `dev --json`. */
export function endpointsDocument(
  context: CommandContext,
  { temporal, temporalUi, warehouse, s3 }: Endpoints,
): Readonly<Record<'temporal' | 'temporalUi' | 'warehouse' | 's3' | 'bucket' | 'schema', string | null>> {
  const { connections } = loadProject(context.projectFolder).project
  const buckets = Object.values(connections).flatMap((connection) => ('s3' in connection ? [connection.s3.bucket] : []))
  const { schema } = targetOf(context)
  return { temporal, temporalUi: temporalUi ?? null, warehouse, s3, bucket: buckets[0] ?? null, schema }
}
