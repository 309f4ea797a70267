import { pollersRequest } from '../plan/target-names.ts'
import type { TemporalAccess } from './connect.ts'
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
    const [info, described, missing, pollers] = await Promise.all([
      client.workflowService.getSystemInfo({}),
      client.workflowService.describeNamespace({ namespace }),
      missingSearchAttributes(access),
      Promise.all(taskQueues.map((name) => findPollers(access, name))),
    ])
    const retention = Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0)
    return {
      address,
      namespace,
      serverVersion: info.serverVersion,
      retentionDays: retention / SECONDS_OF_A_DAY,
      missingSearchAttributes: missing,
      pollers: Object.fromEntries(taskQueues.map((name, index) => [name, pollers[index]!.length])),
      hasUpdates: described.namespaceInfo?.capabilities?.syncUpdate ?? false,
      heardAheadSeconds: aheadOf(Date.now(), pollers.flat()),
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

interface Poller {
  readonly lastAccessTime?: { readonly seconds?: unknown } | null
}

async function findPollers({ client, namespace }: TemporalAccess, name: string): Promise<readonly Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue(pollersRequest(namespace, name))
  return pollers
}

function aheadOf(nowMs: number, pollers: readonly Poller[]): number | null {
  const heard = pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0))
  return heard.length === 0 ? null : Math.max(0, Math.max(...heard) - nowMs / 1000)
}
