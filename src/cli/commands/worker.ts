import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { Environment } from '../../config/environment.ts'
import { memoryBytes } from '../../config/memory-size.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { formatWorkerVersion } from '../../run/worker-version.ts'
import { onTermination } from '../../wiring/with-stack.ts'
import { bytesOfSlots, slotsThatFit } from '../../workers/compute-slots.ts'
import { machineMemoryBytes } from '../../workers/machine-memory.ts'
import type { ListenAddress } from '../../wiring/listen.ts'
import { runWorkers } from '../../workers/run-workers.ts'
import { wantedVersion } from '../../workers/worker-version.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { targetOf } from '../find-definition.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { listenAddress } from '../listen-address.ts'
import { memorySize } from '../memory-size.ts'
import { openStandings } from '../open-standings.ts'
import { wholeNumber } from '../whole-number.ts'
import { withServers } from '../servers.ts'

interface WorkerOptions {
  readonly computeSlots?: number
  readonly maxMemory?: number
  readonly metrics?: ListenAddress
  readonly health?: ListenAddress
  readonly deployment?: string
  readonly buildId?: string
}

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('Serve the runs of a target until it is stopped. Logs JSON lines to stderr.')
    .option(
      '--compute-slots <number>',
      'computing activities at once (default: as many as fit its memory)',
      wholeNumber,
    )
    .option(
      '--max-memory <size>',
      'resident memory from which on nothing more is computed, as 3GB (default: nine tenths of what there is)',
      memorySize,
    )
    .option('--metrics <address>', 'serve /metrics for Prometheus there: 127.0.0.1:9464, or :9464', listenAddress)
    .option('--health <address>', 'serve /healthz and /readyz there: 127.0.0.1:8080, or :8080', listenAddress)
    .option(
      '--deployment <name>',
      'serve as a version of this Worker Deployment of Temporal (default: RESEGMENT_DEPLOYMENT, or without a version)',
    )
    .option(
      '--build-id <id>',
      'which version (default: RESEGMENT_BUILD_ID, or the version of resegment and a digest of its workflows)',
    )
    .action(act(serve))
}

function serve(context: CommandContext, options: WorkerOptions): Promise<ExitCode> {
  return withServers(context, targetOf(context), 'join', ({ environment }) =>
    serveUntilStopped(context, environment, options),
  )
}

async function serveUntilStopped(
  context: CommandContext,
  environment: Environment,
  { metrics, health, deployment, buildId, ...wanted }: WorkerOptions,
): Promise<ExitCode> {
  const { targetName, terminal } = context
  const version = wantedVersion({ deployment, buildId }, environment)
  const standings = openStandings(context, environment)
  const observed = { metrics, health, standings: standings.read }
  const room = roomFor(context, environment, wanted)
  const workers = await runWorkers({ environment, targetName, ...room, observed, ...(version && { version }) })
  const release = onTermination(() => workers.shutdown())
  const as = workers.version ? ` as ${formatWorkerVersion(workers.version)}` : ''
  terminal.say(`Ready: serving target ${targetName}${as}. Ctrl-C stops.`)
  try {
    return (await workers.stopped) === 'memory-full' ? exitCodes.restart : exitCodes.done
  } finally {
    release()
    await standings.close()
  }
}

/** How much is computed at once, and from which memory on nothing is. */
function roomFor(
  { terminal }: CommandContext,
  { memoryLimit = '1GB' }: Environment,
  wanted: Pick<WorkerOptions, 'computeSlots' | 'maxMemory'>,
): { readonly computeSlots: number; readonly memoryLimitBytes: number } {
  const engineBytes = memoryBytes(memoryLimit)
  if (engineBytes === undefined)
    throw new WrongUsage(`RESEGMENT_MEMORY_LIMIT is "${memoryLimit}", which is no size.`, 'Write it as 512MB or 2GiB.')
  const memoryLimitBytes = wanted.maxMemory ?? Math.floor(0.9 * machineMemoryBytes())
  const room = { memoryBytes: memoryLimitBytes, engineBytes, cores: availableParallelism() }
  const computeSlots = wanted.computeSlots ?? slotsThatFit(room)
  const needed = bytesOfSlots(computeSlots, engineBytes)
  if (needed > memoryLimitBytes)
    terminal.complain(
      `${gigabytes(needed)} may be needed to compute ${computeSlots} at once, and ${gigabytes(memoryLimitBytes)} are there: lower RESEGMENT_MEMORY_LIMIT or --compute-slots, or give the worker more memory.`,
    )
  return { computeSlots, memoryLimitBytes }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
