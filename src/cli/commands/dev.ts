import { once } from 'node:events'
import type { Command } from 'commander'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, targetOf } from '../find-definition.ts'
import { withWorker, workerLogOf } from '../local-worker.ts'
import { prepareServers } from '../prepare-servers.ts'
import { serveReports } from '../serve-reports.ts'
import { checkEmbedded, withServers, withTemporal } from '../servers.ts'
import { sayOpenSyncs } from '../wait-for-syncs.ts'
import { endpointsDocument } from './endpoints.ts'

export function addDev(program: Command): void {
  program
    .command('dev')
    .description(
      'Run the embedded servers, a worker and the pages of reports in the foreground; Ctrl-C stops all of them.',
    )
    .action(act(develop))
}

async function develop(context: CommandContext): Promise<void> {
  const { terminal, targetName } = context
  const target = targetOf(context)
  checkEmbedded(context, target)
  const definitions = allDefinitions(context)
  await withServers(context, target, 'start', async (servers) => {
    const { environment, stack, signal } = servers
    await withTemporal(environment, (access) => prepareServers({ environment }, access, definitions))
    await withWorker(context, environment, async () => {
      const reports = await serveReports(context, servers)
      const { temporalUi, temporal, warehouse, s3 } = stack!.endpoints
      terminal.document({ ...endpointsDocument(context, stack!.endpoints), reports: reports.url })
      terminal.say(
        `Temporal UI  ${temporalUi ?? '–'}`,
        `Reports      ${reports.url}`,
        `Temporal     ${temporal}`,
        `Warehouse    ${warehouse}`,
        `S3           ${s3}`,
        `Worker       serves target ${targetName}; log in ${workerLogOf(context)}`,
        '',
        `Start a run in another terminal: resegment run ${definitions[0]?.pipeline.pipeline ?? 'PIPELINE'}`,
        'Ctrl-C stops all.',
      )
      if (!signal.aborted) await once(signal, 'abort')
      await reports.close()
      await withTemporal(environment, (access) => sayOpenSyncs(context, access))
    })
  })
}
