import { describeServer } from '../client/describe-server.ts'
import type { TemporalAccess } from '../client/connect.ts'
import type { Environment } from '../config/environment.ts'
import { ResegmentError } from '../errors/resegment-error.ts'
import type { Definition } from '../plan/definition.ts'
import { taskQueuesOf } from '../plan/target-names.ts'
import type { HealthCheck } from '../report/health-report.ts'
import { targetOption } from '../run/target-option.ts'
import { findServerPrograms, probeClock, probeStore } from '../wiring/probes.ts'
import type { WarehouseAddress } from '../wiring/warehouse.ts'
import { readTrueRuns } from './true-runs.ts'

/** Shorter, and a failed run of last quarter can no longer be retried. */
const MIN_RETENTION_DAYS = 30
/** More, and Temporal's time-outs and S3's signatures go wrong. */
const MAX_SKEW_SECONDS = 30

/** Runs one look; what it throws is what is wrong. */
export async function look(
  name: string,
  outcomeOnFailure: 'warn' | 'fail',
  body: () => Promise<string>,
): Promise<HealthCheck> {
  try {
    return { name, outcome: 'ok', message: await body(), remedy: null }
  } catch (error) {
    const isOurs = error instanceof ResegmentError
    const message = isOurs ? error.what : error instanceof Error ? error.message : String(error)
    return { name, outcome: outcomeOnFailure, message, remedy: isOurs ? error.remedy : null }
  }
}

/** Programs of the embedded servers: missing ones are built at the next start, which takes minutes. */
export function lookAtPrograms(environment: Environment): Promise<HealthCheck> {
  return look('server programs', 'warn', async () => (await findServerPrograms(environment)).join(', '))
}

export async function lookAtTemporal(access: TemporalAccess, targetName: string): Promise<readonly HealthCheck[]> {
  const queues = Object.values(taskQueuesOf(targetName))
  const server = await describeServer(access, queues)
  const { retentionDays, missingSearchAttributes, pollers, namespace } = server
  const unserved = queues.filter((queue) => pollers[queue] === 0)
  return [
    check('temporal', true, `server ${server.serverVersion} at ${server.address}, namespace ${namespace}`),
    check(
      'retention',
      retentionDays >= MIN_RETENTION_DAYS || 'warn',
      `histories are kept for ${Math.round(retentionDays)} days`,
      `Keep them for at least ${MIN_RETENTION_DAYS} days: a run can be retried only as long as its history is there.`,
    ),
    check(
      'search attributes',
      missingSearchAttributes.length === 0 || 'fail',
      missingSearchAttributes.length === 0 ? 'all there' : `missing: ${missingSearchAttributes.join(', ')}`,
      'Run `resegment migrate`.',
    ),
    check(
      'workers',
      unserved.length === 0 || 'warn',
      unserved.length === 0 ? `serve ${queues.join(', ')}` : `none serves ${unserved.join(', ')}`,
      `Start one: resegment worker${targetOption(targetName)}`,
    ),
  ]
}

export function lookAtWarehouse(environment: Environment, address: WarehouseAddress): Promise<HealthCheck> {
  return look('warehouse', 'fail', async () => {
    const [newest] = await readTrueRuns(environment, address, undefined, 1)
    const last = newest ? `newest run ${newest.runKey}~${newest.revision}, ${newest.status}` : 'no runs yet'
    return `schema ${address.schema} is up to date; ${last}`
  })
}

export function lookAtStore(environment: Environment, definition: Definition): Promise<HealthCheck> {
  return look('artifact store', 'fail', async () => `${await probeStore(environment, definition)} can be read`)
}

export async function lookAtClock({ s3Endpoint }: Environment): Promise<HealthCheck> {
  const url = s3Endpoint ?? 'https://s3.amazonaws.com'
  let skew: number | null = null
  const looked = await look('clock', 'warn', async () => {
    skew = await probeClock(url)
    return skew === null ? `${url} tells no time` : `${Math.abs(skew).toFixed(0)} s apart from ${url}`
  })
  if (skew === null || Math.abs(skew) <= MAX_SKEW_SECONDS) return looked
  return { ...looked, outcome: 'fail', remedy: 'Set the clock of this machine: let it follow NTP.' }
}

function check(name: string, isFine: true | 'warn' | 'fail', message: string, remedy = ''): HealthCheck {
  return isFine === true ? { name, outcome: 'ok', message, remedy: null } : { name, outcome: isFine, message, remedy }
}
