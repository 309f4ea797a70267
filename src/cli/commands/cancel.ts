import type { Command } from 'commander'
import { cancelRun } from '../../client/cancel-run.ts'
import { readRun } from '../../client/read-run.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Stop a run within seconds: nothing is half-published, what is live stays live.')
    .option('--reason <text>', 'why; kept with the run', 'resegment cancel')
    .option('--by <name>', 'who asks (default: your user and host name)')
    .action(act(cancel))
}

function cancel(
  context: CommandContext,
  run: string,
  { reason, by = whoami() }: { readonly reason: string; readonly by?: string },
): Promise<ExitCode> {
  return changeRun(context, run, {}, async ({ access, workflowId }) => {
    const { end } = await readRun(access, workflowId)
    if (end) {
      context.terminal.say(`${workflowId} has ended already (${end.how}): there is nothing to stop.`)
      return { workflowId, asked: false }
    }
    await cancelRun(access, workflowId, { by, reason })
    context.terminal.say(`Asked ${workflowId} to stop; it does so within seconds.`)
    return { workflowId, asked: true }
  })
}
