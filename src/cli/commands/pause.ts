import type { Command } from 'commander'
import { pauseRun, resumeRun } from '../../client/pause-run.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import type { ExitCode } from '../exit-code.ts'
import { type Acted, recordActOf } from '../record-act.ts'
import { whoami } from '../who.ts'
import { changeRun } from '../with-run.ts'

/** What is done to the activities of a run. */
interface Change {
  readonly event: 'paused' | 'resumed'
  readonly apply: typeof pauseRun
  /** What may be done next. */
  hint(run: string): string
}

interface ChangeOptions {
  readonly reason: string
  readonly by?: string
}

const pause: Change = { event: 'paused', apply: pauseRun, hint: (run) => ` Let it go on: resegment resume ${run}` }
const resume: Change = { event: 'resumed', apply: resumeRun, hint: () => '' }

export function addPause(program: Command): void {
  const about = 'Stop what a run does now, until `resume`: attempts end within seconds, committed artifacts stay.'
  addChange(program, 'pause', about, pause)
}

export function addResume(program: Command): void {
  addChange(program, 'resume', 'Let a paused run go on, with a first attempt now.', resume)
}

function addChange(program: Command, name: string, about: string, change: Change): void {
  program
    .command(name)
    .argument('<run>', 'run as shop@2026-10-01 (its newest revision) or shop@2026-10-01~2')
    .description(about)
    .option('--reason <text>', 'why; kept with the run', `resegment ${name}`)
    .option('--by <name>', 'who asks (default: your user and host name)')
    .action(
      act((context: CommandContext, text: string, options: ChangeOptions) => perform(context, text, options, change)),
    )
}

function perform(
  context: CommandContext,
  text: string,
  { reason, by = whoami() }: ChangeOptions,
  { event, apply, hint }: Change,
): Promise<ExitCode> {
  return changeRun(context, text, {}, async (run) => {
    const acted: Acted = { event, by, reason, ...(await apply(run.access, run.workflowId, { by, reason })) }
    const isRecorded = await recordActOf(context, run, acted)
    const done = event === 'paused' ? 'Paused' : 'Resumed'
    context.terminal.say(`${done} ${run.workflowId}: ${acted.activityIds.join(', ')}.${hint(text)}`)
    return { workflowId: run.workflowId, ...acted, isRecorded }
  })
}
