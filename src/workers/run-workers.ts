import { NativeConnection, type Worker } from '@temporalio/worker'
import { explainNoConnection, readConnectionConfig } from '../client/connection-config.ts'
import type { Environment } from '../config/environment.ts'
import type { WorkerVersion } from '../run/worker-version.ts'
import { codeVersion } from '../wiring/code-version.ts'
import { makeWorkerSetup } from '../wiring/worker-setup.ts'
import { makeComputeGate } from './compute-gate.ts'
import { createWorkers } from './create-workers.ts'
import { observe, type ObservedOptions } from './observe.ts'
import { followApiKey } from './follow-api-key.ts'
import { installRuntime, type LogOptions } from './runtime-log.ts'
import { resolveVersion, type WantedVersion } from './worker-version.ts'
import { loadWorkflowBundle } from './workflow-bundle.ts'

export interface RunWorkersOptions {
  readonly environment: Environment
  readonly targetName: string
  /** Computing activities at once. More need more memory. Default: 1. */
  readonly computeSlots?: number
  /** Resident memory from which on nothing more is computed, and which a new process has to begin below. Default: none. */
  readonly memoryLimitBytes?: number
  /** Whose runs it serves. Default: it has no version, and serves all that have none. */
  readonly version?: WantedVersion
  /** Default: JSON lines on stderr, at the environment's level. */
  readonly log?: LogOptions
  /** Where metrics and health can be asked for. Default: nowhere. */
  readonly observed?: ObservedOptions
}

export interface RunningWorkers {
  /** Null: they have none. */
  readonly version: WorkerVersion | null
  /** Resolves when they have stopped, with why; rejects when one of them broke, after the others have stopped. */
  readonly stopped: Promise<'asked' | 'memory-full'>
  /** Lets activities finish for a few seconds, then cancels them: another worker goes on. May be called twice. */
  shutdown(): Promise<void>
}

/**
 * Runs the three workers of a target in this process, until `shutdown`. They poll when the promise resolves.
 *
 * @throws ConfigInvalid, ConnectionFailed, PermissionDenied
 */
export async function runWorkers(options: RunWorkersOptions): Promise<RunningWorkers> {
  const { environment, targetName, computeSlots = 1, memoryLimitBytes, observed } = options
  installRuntime(options.log ?? { level: environment.logLevel, destination: 'stderr' }, observed?.metrics)
  const { connection, namespace, apiKey } = await connect(environment)
  const forgetApiKey = followApiKey(environment, connection, apiKey)
  const setup = makeWorkerSetup(environment, targetName)
  const close = async (): Promise<void> => {
    forgetApiKey()
    await setup.close()
    await connection.close()
  }
  try {
    const workflowBundle = await loadWorkflowBundle()
    const version = options.version && (await resolveVersion(options.version, codeVersion(), workflowBundle))
    const { taskQueues, activities, payloadCodecs } = setup
    const computeGate = makeComputeGate(computeSlots)
    const workers = await createWorkers({
      connection,
      namespace,
      taskQueues,
      activities,
      workflowBundle,
      payloadCodecs,
      computeGate,
      ...(version && { version }),
    })
    let why: Awaited<RunningWorkers['stopped']> = 'asked'
    const memory = memoryLimitBytes && {
      limitBytes: memoryLimitBytes,
      gate: computeGate,
      computing: () => workers[2].getStatus().numInFlightActivities,
      onFull: () => {
        why = 'memory-full'
        stop(workers)
      },
    }
    const endObservation = await observe(workers, observed, memory || undefined)
    const stopped = runAll(workers)
      .finally(endObservation)
      .finally(close)
      .then(() => why)
    // Whoever waits for it hears of the failure; nobody has to.
    stopped.catch(() => undefined)
    const shutdown = async (): Promise<void> => {
      stop(workers)
      await stopped
    }
    return { version: version ?? null, stopped, shutdown }
  } catch (error) {
    await close()
    throw error
  }
}

async function runAll(workers: readonly Worker[]): Promise<void> {
  const runs = workers.map(async (worker) => {
    try {
      await worker.run()
    } finally {
      // One that ended takes the others along: a target served by half is worse than none.
      stop(workers)
    }
  })
  const outcomes = await Promise.allSettled(runs)
  const broken = outcomes.find((outcome) => outcome.status === 'rejected')
  if (broken) throw broken.reason
}

function stop(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
}

interface Connected {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly apiKey: string | undefined
}

async function connect(environment: Environment): Promise<Connected> {
  const config = readConnectionConfig(environment.temporalVariables())
  try {
    const { options, namespace } = config
    return { connection: await NativeConnection.connect(options), namespace, apiKey: options.apiKey }
  } catch (error) {
    return explainNoConnection(error, config)
  }
}
