import type { Command } from 'commander'
import { reviewPipeline } from '../../client/review.ts'
import { textTable } from '../../report/text-table.ts'
import { formatRunId } from '../../run/run-key.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { definitionOf, type NamedRun, namedRun } from '../find-definition.ts'
import { warnOfMissingWorker } from '../local-worker.ts'
import { readStatus } from '../read-status.ts'
import { type Servers, withServers, withTemporal } from '../servers.ts'

export function addReview(program: Command): void {
  program
    .command('review')
    .argument('<pipeline or run>', 'a pipeline: all its runs whose review is due; or a run, also where it was reviewed')
    .description(
      'Review published runs: judge them by what customers did in the window after, keep it, put the page out.',
    )
    .action(act(review))
}

async function review(context: CommandContext, named: string): Promise<void> {
  const { terminal, targetName } = context
  const run = named.includes('@') ? namedRun(context, named) : null
  const definition = run?.definition ?? definitionOf(context, named)
  const outcomes = await withServers(context, definition.target, 'join', async (servers) => {
    const asked = run && { run: await revisionOf(context, servers, run) }
    return withTemporal(servers.environment, async (access) => {
      await warnOfMissingWorker(terminal, access, targetName)
      return reviewPipeline(access, { definition, ...asked })
    })
  })
  terminal.document({ pipeline: definition.pipeline.pipeline, reviews: outcomes })
  if (outcomes.length === 0)
    return terminal.say(
      'No review is due: of every published run the window is open still, no later run knows what came, or it was reviewed.',
    )
  terminal.say(
    ...textTable(
      [
        { title: 'Run' },
        { title: 'Judged by' },
        { title: 'Index', align: 'right' },
        { title: 'Band' },
        { title: 'Page' },
      ],
      outcomes.map((one) => [
        formatRunId(one.run),
        formatRunId(one.judge),
        one.index === null ? '–' : `${one.index.toFixed(0)} of ${one.target}`,
        one.band ?? '',
        one.reportUri ?? '',
      ]),
    ),
  )
}

async function revisionOf(context: CommandContext, servers: Servers, run: NamedRun) {
  const { status } = await readStatus(context, servers, run)
  return { runKey: status.runKey, revision: status.revision }
}
