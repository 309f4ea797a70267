import type { Command } from 'commander'
import type { Environment } from '../../config/environment.ts'
import { onTermination } from '../../wiring/with-stack.ts'
import { runWorkers } from '../../workers/run-workers.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { targetOf } from '../find-definition.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'

interface WorkerOptions {
  readonly computeSlots: number
}

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('Serve the runs of a target until it is stopped. Logs JSON lines to stderr.')
    .option('--compute-slots <number>', 'computing activities at once; each takes its own memory', wholeNumber, 1)
    .action(act(serve))
}

function serve(context: CommandContext, { computeSlots }: WorkerOptions): Promise<void> {
  return withServers(context, targetOf(context), 'join', ({ environment }) =>
    serveUntilStopped(context, environment, computeSlots),
  )
}

async function serveUntilStopped(
  { targetName, terminal }: CommandContext,
  environment: Environment,
  computeSlots: number,
): Promise<void> {
  const workers = await runWorkers({ environment, targetName, computeSlots })
  const release = onTermination(() => workers.shutdown())
  terminal.say(`Ready: serving target ${targetName}. Ctrl-C stops.`)
  try {
    await workers.stopped
  } finally {
    release()
  }
}
