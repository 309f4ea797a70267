import { pollersRequest } from '../plan/target-names.ts'
import type { QueueRouting, WorkerVersion } from '../run/worker-version.ts'
import type { TemporalAccess } from './connect.ts'

type Workflows = TemporalAccess['client']['workflowService']
type Described = Awaited<ReturnType<Workflows['describeTaskQueue']>>
type RawPoller = Described['pollers'][number]
type RawVersion = { readonly deploymentName?: string | null; readonly buildId?: string | null }

/** WorkerVersioningMode of the wire protocol. */
const VERSIONED = 2

export interface DescribedQueue extends QueueRouting {
  /** Seconds since 1970 by the server's clock, at which it last heard of each poller. */
  readonly heardAt: readonly number[]
}

/** Who polls a queue, and whom its tasks are given. */
export async function describeQueue(
  { client, namespace }: Pick<TemporalAccess, 'client' | 'namespace'>,
  queue: string,
): Promise<DescribedQueue> {
  const { pollers, versioningInfo } = await client.workflowService.describeTaskQueue(pollersRequest(namespace, queue))
  const { currentDeploymentVersion, rampingDeploymentVersion, rampingVersionPercentage } = versioningInfo ?? {}
  const ramping = workerVersion(rampingDeploymentVersion)
  return {
    queue,
    current: workerVersion(currentDeploymentVersion),
    ramping: ramping && { ...ramping, percentage: rampingVersionPercentage ?? 0 },
    pollers: pollers.map(versionOfPoller),
    heardAt: pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0)),
  }
}

function versionOfPoller({ deploymentOptions }: RawPoller): WorkerVersion | null {
  return deploymentOptions?.workerVersioningMode === VERSIONED ? workerVersion(deploymentOptions) : null
}

/** Of the wire protocol, where what is absent may be empty. */
export function workerVersion(raw: RawVersion | null | undefined): WorkerVersion | null {
  return raw?.deploymentName && raw.buildId ? { deployment: raw.deploymentName, buildId: raw.buildId } : null
}
