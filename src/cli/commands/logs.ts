import type { Command } from 'commander'
import { readLog } from '../../client/read-log.ts'
import { readRun } from '../../client/read-run.ts'
import { pendingLines } from '../../report/pending-lines.ts'
import { block } from '../../report/run-report.ts'
import { runLog } from '../../report/run-log.ts'
import { targetOption } from '../../run/target-option.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { namedRun } from '../find-definition.ts'
import { findKnownRun } from '../find-known-run.ts'
import { withServers, withTemporal } from '../servers.ts'

export function addLogs(program: Command): void {
  program
    .command('logs')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description(
      'Tell what happened to a run, event by event: activities with attempts and workers, decisions, resets.',
    )
    .action(act(logs))
}

async function logs(context: CommandContext, text: string): Promise<void> {
  const run = namedRun(context, text)
  const { workflowId, events, pending } = await withServers(
    context,
    run.definition.target,
    'start',
    ({ environment }) =>
      withTemporal(environment, async (access) => {
        const id = await findKnownRun(environment, access, run)
        return { workflowId: id, events: await readLog(access, id), pending: (await readRun(access, id)).pending }
      }),
  )
  context.terminal.document({ workflowId, events, pending })
  context.terminal.say(...runLog(events), ...block(pendingLines(pending, text + targetOption(context.targetName))))
}
