import type { Command } from 'commander'
import type { Environment } from '../../config/environment.ts'
import { onTermination } from '../../wiring/with-stack.ts'
import type { ListenAddress } from '../../workers/observe.ts'
import { runWorkers } from '../../workers/run-workers.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { targetOf } from '../find-definition.ts'
import { listenAddress } from '../listen-address.ts'
import { openStandings } from '../open-standings.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'

interface WorkerOptions {
  readonly computeSlots: number
  readonly metrics?: ListenAddress
  readonly health?: ListenAddress
}

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('Serve the runs of a target until it is stopped. Logs JSON lines to stderr.')
    .option('--compute-slots <number>', 'computing activities at once; each takes its own memory', wholeNumber, 1)
    .option('--metrics <address>', 'serve /metrics for Prometheus there: 127.0.0.1:9464, or :9464', listenAddress)
    .option('--health <address>', 'serve /healthz and /readyz there: 127.0.0.1:8080, or :8080', listenAddress)
    .action(act(serve))
}

function serve(context: CommandContext, options: WorkerOptions): Promise<void> {
  return withServers(context, targetOf(context), 'join', ({ environment }) =>
    serveUntilStopped(context, environment, options),
  )
}

async function serveUntilStopped(
  context: CommandContext,
  environment: Environment,
  { computeSlots, metrics, health }: WorkerOptions,
): Promise<void> {
  const { targetName, terminal } = context
  const standings = openStandings(context, environment)
  const observed = { metrics, health, standings: standings.read }
  const workers = await runWorkers({ environment, targetName, computeSlots, observed })
  const release = onTermination(() => workers.shutdown())
  terminal.say(`Ready: serving target ${targetName}. Ctrl-C stops.`)
  try {
    await workers.stopped
  } finally {
    release()
    await standings.close()
  }
}
