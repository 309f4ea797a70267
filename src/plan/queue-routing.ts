import type { QueueRouting, WorkerVersion } from '../run/worker-version.ts'

/** A version of workers, of the wire protocol. */
export interface RawVersion {
  readonly deploymentName?: string | null
  readonly buildId?: string | null
}

/** The part of Temporal's `describeTaskQueue` that tells who polls, and whom tasks are given. */
export interface RawQueue {
  readonly pollers?:
    | readonly {
        readonly deploymentOptions?: (RawVersion & { readonly workerVersioningMode?: number | null }) | null
      }[]
    | null
  readonly versioningInfo?: {
    readonly currentDeploymentVersion?: RawVersion | null
    readonly rampingDeploymentVersion?: RawVersion | null
    readonly rampingVersionPercentage?: number | null
  } | null
}

/** WorkerVersioningMode of the wire protocol. */
const VERSIONED = 2

export function queueRouting(queue: string, { pollers, versioningInfo }: RawQueue): QueueRouting {
  const ramping = workerVersion(versioningInfo?.rampingDeploymentVersion)
  return {
    queue,
    current: workerVersion(versioningInfo?.currentDeploymentVersion),
    ramping: ramping && { ...ramping, percentage: versioningInfo?.rampingVersionPercentage ?? 0 },
    pollers: (pollers ?? []).map(({ deploymentOptions: options }) =>
      options?.workerVersioningMode === VERSIONED ? workerVersion(options) : null,
    ),
  }
}

/** Of the wire protocol, where what is absent may be empty. */
export function workerVersion(raw: RawVersion | null | undefined): WorkerVersion | null {
  return raw?.deploymentName && raw.buildId ? { deployment: raw.deploymentName, buildId: raw.buildId } : null
}
