import { targetOption } from './target-option.ts'

/** A version of workers as Temporal knows it: one of a Worker Deployment's. */
export interface WorkerVersion {
  readonly deployment: string
  readonly buildId: string
}

/** The version that a run is worked on by. */
export interface RunVersion extends WorkerVersion {
  /** It ends there; otherwise it goes on with whichever version is current. */
  readonly isPinned: boolean
}

/** Whom Temporal gives the tasks of one queue. */
export interface QueueRouting {
  readonly queue: string
  /** What new runs and runs that are not pinned go to; null: workers without a version. */
  readonly current: WorkerVersion | null
  /** What a share of them goes to instead. */
  readonly ramping: (WorkerVersion & { readonly percentage: number }) | null
  /** Of each worker that polls; null: it has no version. */
  readonly pollers: readonly (WorkerVersion | null)[]
}

/** The global by which workflows know that their worker has a version. */
export const HAS_VERSION = 'resegmentHasVersion'

/** `resegment:0.1.0-4f2c…`, as Temporal writes it. */
export function formatWorkerVersion({ deployment, buildId }: WorkerVersion): string {
  return `${deployment}:${buildId}`
}

export function isSameVersion(one: WorkerVersion | null, other: WorkerVersion | null): boolean {
  return one?.deployment === other?.deployment && one?.buildId === other?.buildId
}

/** Queues that nobody of a version polls. */
export function queuesWithout(version: WorkerVersion | null, queues: readonly QueueRouting[]): readonly string[] {
  const unserved = queues.filter(({ pollers }) => !pollers.some((poller) => isSameVersion(poller, version)))
  return unserved.map(({ queue }) => queue)
}

/** Workers that tasks of a queue are given, and that do not poll it. */
export interface MissingWorkers {
  readonly queue: string
  /** Null: workers without a version. */
  readonly version: WorkerVersion | null
  /** Others poll the queue. */
  readonly isPolled: boolean
}

/** Of those whom new runs go to, and runs that are not pinned: the workers that are not there. */
export function missingWorkers(routing: QueueRouting): readonly MissingWorkers[] {
  const { queue, current, ramping, pollers } = routing
  const missing = [current, ...(ramping ? [ramping] : [])].filter(
    (version) => queuesWithout(version, [routing]).length > 0,
  )
  return missing.map((version) => ({ queue, version: version && versionOf(version), isPolled: pollers.length > 0 }))
}

/** `No worker of version shop:v2`, `No worker without a version`, `No worker` */
export function noWorker({ version, isPolled }: Pick<MissingWorkers, 'version' | 'isPolled'>): string {
  if (version) return `No worker of version ${formatWorkerVersion(version)}`
  return isPolled ? 'No worker without a version' : 'No worker'
}

/** The command that starts a worker. */
export function workerCommand(version: WorkerVersion | null, targetName: string): string {
  const options = version ? ` --deployment ${version.deployment} --build-id ${version.buildId}` : ''
  return `resegment worker${options}${targetOption(targetName)}`
}

function versionOf({ deployment, buildId }: WorkerVersion): WorkerVersion {
  return { deployment, buildId }
}

/** Versions that poll a queue, each once. */
export function versionsOf({ pollers }: Pick<QueueRouting, 'pollers'>): readonly WorkerVersion[] {
  const versions = pollers.filter((poller) => poller !== null)
  return [...new Map(versions.map((version) => [formatWorkerVersion(version), version])).values()]
}

/** The command of Temporal's that makes a version current. */
export function setCurrentCommand({ deployment, buildId }: WorkerVersion): string {
  return `temporal worker deployment set-current-version --deployment-name ${deployment} --build-id ${buildId}`
}
