import { join } from 'node:path'
import type { TemporalAccess } from '../client/connect.ts'
import { describeServer } from '../client/describe-server.ts'
import type { Environment } from '../config/environment.ts'
import { taskQueuesOf } from '../plan/target-names.ts'
import { missingWorkerLine } from '../report/run-version-lines.ts'
import { missingWorkers } from '../run/worker-version.ts'
import type { CommandContext } from './command-context.ts'
import type { Terminal } from './terminal.ts'

/** Where a worker inside a command logs to, so that its words do not mix with the command's. */
export function workerLogOf({ stateFolder }: Pick<CommandContext, 'stateFolder'>): string {
  return join(stateFolder, 'logs', 'worker.log')
}

/** Serves a target in this process for as long as `use` takes. */
export async function withWorker<T>(
  context: Pick<CommandContext, 'stateFolder' | 'targetName'>,
  environment: Environment,
  use: () => Promise<T>,
): Promise<T> {
  // Only now: a command that leaves the work to other workers need not wait for the engine and the SDK.
  const { runWorkers } = await import('../workers/run-workers.ts')
  const log = { level: environment.logLevel, destination: workerLogOf(context) }
  const workers = await runWorkers({ environment, targetName: context.targetName, log })
  const broken = workers.stopped.then(() => {
    throw new Error(`The worker stopped by itself; its log is ${log.destination}.`)
  })
  try {
    return await Promise.race([use(), broken])
  } finally {
    // Why it broke was thrown above; a shutdown has nothing to add.
    await workers.shutdown().catch(() => undefined)
  }
}

/** Without a worker a run waits for ever: say so. */
export async function warnOfMissingWorker(
  terminal: Terminal,
  access: TemporalAccess,
  targetName: string,
): Promise<void> {
  const queue = taskQueuesOf(targetName).workflow
  const { routing } = await describeServer(access, [queue])
  for (const missing of routing.flatMap(missingWorkers)) terminal.complain(missingWorkerLine(missing, targetName))
}
