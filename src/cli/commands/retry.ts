import { Option } from 'commander'
import type { Command } from 'commander'
import { retryRun } from '../../client/retry-run.ts'
import type { StageName } from '../../run/stage.ts'
import { stageNames } from '../../run/stage.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

interface RetryCommandOptions {
  readonly from?: StageName
  readonly now?: true
  readonly reason: string
  readonly by?: string
  readonly embedded?: boolean
}

export function addRetry(program: Command): void {
  program
    .command('retry')
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description('Go on with a failed run where it stopped: same revision, same definition, finished stages re-used.')
    .addOption(new Option('--from <stage>', 'run this stage and all after it again').choices(stageNames))
    .addOption(new Option('--now', 'only try at once what waits for its next attempt; never reset').conflicts('from'))
    .option('--reason <text>', 'why; kept with the run', 'resegment retry')
    .option('--by <name>', 'who asks (default: your user and host name)')
    .option('--embedded', 'bring servers and a worker up for this command, and follow the run to its end')
    .action(act(retry))
}

function retry(context: CommandContext, run: string, options: RetryCommandOptions): Promise<ExitCode> {
  const { from, now, reason, by = whoami(), embedded } = options
  return changeRun(context, run, { embedded }, async ({ access, workflowId }) => {
    const retried = await retryRun(access, workflowId, { reason, by, now, ...(from && { from }) })
    context.terminal.say(
      retried.how === 'reset'
        ? `Reset ${workflowId} to event ${retried.eventId}: it goes on as Temporal run ${retried.temporalRunId}.`
        : `${retried.activityIds.join(', ')} of ${workflowId}: the next attempt starts now.`,
    )
    return { workflowId, ...retried }
  })
}
