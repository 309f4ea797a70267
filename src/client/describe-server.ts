import type { QueueRouting } from '../run/worker-version.ts'
import type { TemporalAccess } from './connect.ts'
import { describeQueue } from './describe-queue.ts'
import { missingSearchAttributes } from './register-attributes.ts'
import { explainServerRefusal } from './server-refusal.ts'

const SECONDS_OF_A_DAY = 86_400

/** What `doctor` shows of the server. */
export interface ServerDescription {
  readonly address: string
  readonly namespace: string
  readonly serverVersion: string
  /** How long histories stay after a run ended: as long as a run can be retried. */
  readonly retentionDays: number
  readonly missingSearchAttributes: readonly string[]
  /** Pollers of each queue asked about; 0: no worker. */
  readonly pollers: Readonly<Record<string, number>>
  /** Of each queue asked about: whom its tasks are given. */
  readonly routing: readonly QueueRouting[]
  /** Workflow Updates are taken: a person can decide about a held run. */
  readonly hasUpdates: boolean
  /** How far in our future the server last heard of a worker, by its own clock; null: it hears of none. */
  readonly heardAheadSeconds: number | null
}

/** @param taskQueues queues whose workers are counted */
export async function describeServer(
  access: TemporalAccess,
  taskQueues: readonly string[] = [],
): Promise<ServerDescription> {
  const { client, address, namespace } = access
  try {
    const [info, described, missing, queues] = await Promise.all([
      client.workflowService.getSystemInfo({}),
      client.workflowService.describeNamespace({ namespace }),
      missingSearchAttributes(access),
      Promise.all(taskQueues.map((name) => describeQueue(access, name))),
    ])
    const retention = Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0)
    return {
      address,
      namespace,
      serverVersion: info.serverVersion,
      retentionDays: retention / SECONDS_OF_A_DAY,
      missingSearchAttributes: missing,
      pollers: Object.fromEntries(queues.map(({ queue, pollers }) => [queue, pollers.length])),
      routing: queues,
      hasUpdates: described.namespaceInfo?.capabilities?.syncUpdate ?? false,
      heardAheadSeconds: aheadOf(
        Date.now(),
        queues.flatMap(({ heardAt }) => heardAt),
      ),
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

function aheadOf(nowMs: number, heardAt: readonly number[]): number | null {
  return heardAt.length === 0 ? null : Math.max(0, Math.max(...heardAt) - nowMs / 1000)
}
