import type { Command } from 'commander'
import { decideRun } from '../../client/decide-run.ts'
import type { Decision } from '../../run/decision.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

interface DecideOptions {
  readonly reason: string
  readonly by: string
  readonly digest?: string
  readonly embedded?: boolean
}

export function addApprove(program: Command): void {
  addDecision(program, 'approve', 'Approve a held run: its candidate is published.')
}

export function addReject(program: Command): void {
  addDecision(program, 'reject', 'Reject a held run: what is live stays live.')
}

export function addUseLiveModel(program: Command): void {
  addDecision(
    program,
    'useLiveModel',
    'Decide a held run by keeping the live segments: its customers are published as the live model places them.',
  )
}

const commands = { approve: 'approve', reject: 'reject', useLiveModel: 'use-live-model' } as const
const done = { approve: 'Approved', reject: 'Rejected', useLiveModel: 'Chose the live model for' } as const

function addDecision(program: Command, decision: Decision['decision'], description: string): void {
  program
    .command(commands[decision])
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description(description)
    .requiredOption('--reason <text>', 'why; kept with the run')
    .option('--by <name>', 'who decides (default: your user and host name)')
    .option('--digest <digest>', 'refuse when the run now holds something else than this validation')
    .option('--embedded', 'bring servers and a worker up for this command, and follow the run to its end')
    .action(
      act((context: CommandContext, run: string, options: DecideOptions) => decide(context, run, decision, options)),
    )
}

function decide(
  context: CommandContext,
  run: string,
  decision: Decision['decision'],
  { reason, by = whoami(), digest, embedded }: DecideOptions,
): Promise<ExitCode> {
  return changeRun(context, run, { embedded }, async ({ access, workflowId }) => {
    await decideRun(access, workflowId, { decision, reason, by, ...(digest === undefined ? {} : { digest }) })
    context.terminal.say(`${done[decision]} ${workflowId} as ${by}.`)
    return { workflowId, decision, reason, by }
  })
}
