import { queueRouting } from '../plan/queue-routing.ts'
import { pollersRequest } from '../plan/target-names.ts'
import type { QueueRouting } from '../run/worker-version.ts'
import type { TemporalAccess } from './connect.ts'

export interface DescribedQueue extends QueueRouting {
  /** Seconds since 1970 by the server's clock, at which it last heard of each poller. */
  readonly heardAt: readonly number[]
}

/** Who polls a queue, and whom its tasks are given. */
export async function describeQueue(
  { client, namespace }: Pick<TemporalAccess, 'client' | 'namespace'>,
  queue: string,
): Promise<DescribedQueue> {
  const described = await client.workflowService.describeTaskQueue(pollersRequest(namespace, queue))
  const heardAt = described.pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0))
  return { ...queueRouting(queue, described), heardAt }
}
