import type { Command } from 'commander'
import { pauseRun } from '../../client/pause-run.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { type Acted, recordActOf } from '../record-act.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

export function addPause(program: Command): void {
  program
    .command('pause')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Stop what a run does now, until `resume`: attempts end within seconds, committed artifacts stay.')
    .option('--reason <text>', 'why; kept with the run', 'resegment pause')
    .option('--by <name>', 'who asks (default: your user and host name)')
    .action(act(pause))
}

function pause(
  context: CommandContext,
  text: string,
  { reason, by = whoami() }: { readonly reason: string; readonly by?: string },
): Promise<ExitCode> {
  return changeRun(context, text, {}, async (run) => {
    const acted: Acted = {
      event: 'paused',
      by,
      reason,
      ...(await pauseRun(run.access, run.workflowId, { by, reason })),
    }
    const isRecorded = await recordActOf(context, run, acted)
    context.terminal.say(
      `Paused ${run.workflowId}: ${acted.activityIds.join(', ')}. Let it go on: resegment resume ${text}`,
    )
    return { workflowId: run.workflowId, ...acted, isRecorded }
  })
}
