import { InvalidArgumentError, type Command } from 'commander'
import { loadProject } from '../../config/load-project.ts'
import { sweepPipeline } from '../../client/sweep.ts'
import { RETENTION_SPAN } from '../../plan/project.ts'
import { retentionDays } from '../../plan/retention-days.ts'
import { sweptStores } from '../../report/swept-items.ts'
import { daysOf } from '../../run/time-span.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { allDefinitions, definitionOf, targetOf } from '../find-definition.ts'
import { warnOfMissingWorker } from '../local-worker.ts'
import { withServers, withTemporal } from '../servers.ts'

interface SweepOptions {
  readonly dryRun?: boolean
  readonly olderThan?: string
}

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .argument('[pipeline]', 'name of a pipeline; all when absent')
    .option('--dry-run', 'only list what would be removed')
    .option(
      '--older-than <span>',
      'age of files that no run refers to, as "14 days", instead of retention.orphans',
      span,
    )
    .description('Remove what dead runs left in the bucket and the artifact store, and what is kept no longer.')
    .action(act(sweepAll))
}

async function sweepAll(
  context: CommandContext,
  pipeline: string | undefined,
  { dryRun = false, olderThan }: SweepOptions,
): Promise<void> {
  const { terminal, targetName } = context
  const { retention } = loadProject(context.projectFolder).project
  const definitions = pipeline === undefined ? allDefinitions(context) : [definitionOf(context, pipeline)]
  const days = { ...retentionDays(retention), ...(olderThan !== undefined && { orphans: daysOf(olderThan) }) }
  await withServers(context, targetOf(context), 'join', ({ environment }) =>
    withTemporal(environment, async (access) => {
      await warnOfMissingWorker(terminal, access, targetName)
      const swept = []
      for (const definition of definitions)
        swept.push(await sweepPipeline(access, { definition, retention: days, dryRun }))
      terminal.document(swept)
      terminal.say(...swept.flatMap(sweptStores))
    }),
  )
}

function span(text: string): string {
  if (!RETENTION_SPAN.test(text)) throw new InvalidArgumentError('It is written as "14 days" or "3 months".')
  return text
}
