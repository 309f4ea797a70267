import type { Command } from 'commander'
import { resumeRun } from '../../client/pause-run.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { type Acted, recordActOf } from '../record-act.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

export function addResume(program: Command): void {
  program
    .command('resume')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Let a paused run go on, with a first attempt now.')
    .option('--reason <text>', 'why; kept with the run', 'resegment resume')
    .option('--by <name>', 'who asks (default: your user and host name)')
    .action(act(resume))
}

function resume(
  context: CommandContext,
  text: string,
  { reason, by = whoami() }: { readonly reason: string; readonly by?: string },
): Promise<ExitCode> {
  return changeRun(context, text, {}, async (run) => {
    const acted: Acted = {
      event: 'resumed',
      by,
      reason,
      ...(await resumeRun(run.access, run.workflowId, { by, reason })),
    }
    const isRecorded = await recordActOf(context, run, acted)
    context.terminal.say(`Resumed ${run.workflowId}: ${acted.activityIds.join(', ')}.`)
    return { workflowId: run.workflowId, ...acted, isRecorded }
  })
}
