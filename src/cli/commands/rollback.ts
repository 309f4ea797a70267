import type { Command } from 'commander'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { rollbackLines } from '../../report/rollback-lines.ts'
import type { RunIdentity } from '../../run/run-key.ts'
import { rollBack } from '../../wiring/roll-back.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, namedRun } from '../find-definition.ts'
import { withReader } from '../read-warehouse.ts'
import { withServers } from '../servers.ts'
import { tellOfReturn } from '../tell-of-return.ts'
import { whoami } from '../who.ts'

interface RollbackOptions {
  readonly to?: string
  readonly reason: string
  readonly by?: string
}

export function addRollback(program: Command): void {
  program
    .command('rollback')
    .argument('<pipeline>', 'name of the pipeline')
    .description('Show consumers an earlier run again, at once: tables, views and latest.json.')
    .option(
      '--to <run>',
      'a run that was published: shop@2026-07-01, or shop@2026-07-01~2 for a revision (default: what was live before)',
    )
    .requiredOption('--reason <text>', 'why; kept with the runs that it undoes')
    .option('--by <name>', 'who decides (default: your user and host name)')
    .action(act(rollback))
}

async function rollback(
  context: CommandContext,
  pipeline: string,
  { to, reason, by = whoami() }: RollbackOptions,
): Promise<void> {
  const { terminal } = context
  const definition = definitionOf(context, pipeline)
  const named = to === undefined ? undefined : namedRun(context, to)
  if (named && named.definition.pipeline.pipeline !== pipeline)
    throw new WrongUsage(`${to} is no run of pipeline ${pipeline}.`, `Name one of: resegment runs ${pipeline}`)
  const { report, told } = await withServers(context, definition.target, 'start', async (servers) => {
    const { environment } = servers
    const target: RunIdentity | undefined = named && {
      runKey: named.runKey,
      // As everywhere a run without a revision is its newest; here of those that came out.
      revision:
        named.revision ??
        (await withReader(environment, definition, (reader) => reader.newestPublished(named.runKey))) ??
        1,
    }
    const done = await rollBack(environment, definition, { to: target, by, reason })
    return { report: done, told: await tellOfReturn(context, servers, definition, done) }
  })
  terminal.document({ pipeline, by, reason, ...report, syncs: told.workflowIds })
  terminal.say(...rollbackLines(pipeline, report), ...told.lines)
}
