import { describeServer } from '../../client/describe-server.ts'
import { listScheduleKeys, type ScheduleKey } from '../../client/schedule-keys.ts'
import type { Environment } from '../../config/environment.ts'
import { taskQueuesOf } from '../../plan/target-names.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import type { PayloadKey } from '../../run/payload-key.ts'
import { targetOption } from '../../run/target-option.ts'
import { withTemporal } from '../servers.ts'
import { versionChecks } from './worker-versions.ts'
import { clockCheck } from './clock.ts'
import { look, ok, problem, warning } from './look.ts'

/** Shorter, and a failed run of last quarter can no longer be retried. */
const MIN_RETENTION_DAYS = 30

export function lookAtTemporal(environment: Environment, targetName: string): Promise<readonly HealthCheck[]> {
  return look('temporal', () =>
    withTemporal(environment, async (access) => {
      const queues = Object.values(taskQueuesOf(targetName))
      const server = await describeServer(access, queues)
      const { retentionDays, missingSearchAttributes: missing, pollers, namespace, hasUpdates } = server
      return [
        ok('temporal', `server ${server.serverVersion} at ${server.address}, namespace ${namespace}`),
        hasUpdates
          ? ok('temporal updates', 'held runs can be decided')
          : problem(
              'temporal updates',
              `namespace ${namespace} takes no Workflow Updates, so that a held run cannot be decided`,
              'Use server 1.25 or newer with frontend.enableUpdateWorkflowExecution.',
            ),
        retentionDays >= MIN_RETENTION_DAYS
          ? ok('retention', `histories are kept for ${Math.round(retentionDays)} days`)
          : warning(
              'retention',
              `histories are kept for ${Number(retentionDays.toFixed(1))} days; a run can be retried only as long as its history is there`,
              `Keep them for at least ${MIN_RETENTION_DAYS}: temporal operator namespace update --retention 90d ${namespace}`,
            ),
        missing.length === 0
          ? ok('search attributes', 'all there')
          : problem('search attributes', `missing: ${missing.join(', ')}`, 'Run `resegment migrate`.'),
        ...queues.map((queue) =>
          pollers[queue] === 0
            ? warning(`workers`, `none serves ${queue}`, `Start one: resegment worker${targetOption(targetName)}`)
            : ok(`workers`, `${pollers[queue]} poll${pollers[queue] === 1 ? 's' : ''} ${queue}`),
        ),
        ...keyChecks(await listScheduleKeys(access, targetName), environment.payloadKeys()),
        ...versionChecks(server.routing, targetName),
        // The server tells when it heard of a worker last: never in the future.
        clockCheck(server.heardAheadSeconds === null ? null : -server.heardAheadSeconds, 'temporal'),
      ]
    }),
  )
}

/** Schedules start runs for years: what they hold has to be readable by every worker. Nothing to say of those in clear. */
function keyChecks(schedules: readonly ScheduleKey[], keys: readonly Pick<PayloadKey, 'id'>[]): HealthCheck[] {
  const used = [...new Set(schedules.flatMap(({ keyId }) => keyId ?? []))]
  const missing = used.filter((id) => !keys.some((key) => key.id === id))
  const older = used.filter((id) => keys.slice(1).some((key) => key.id === id))
  const of = (ids: readonly string[]): string =>
    schedules.flatMap(({ scheduleId, keyId }) => (keyId !== null && ids.includes(keyId) ? scheduleId : [])).join(', ')
  if (missing.length > 0)
    return [
      problem(
        'payload keys',
        `key ${missing.join(', ')} is missing, with which the input of ${of(missing)} is encrypted: their runs cannot begin on a worker without it`,
        'Add it to RESEGMENT_PAYLOAD_KEYS behind the newest one, here and for the workers, then run `resegment deploy`.',
      ),
    ]
  if (older.length > 0)
    return [
      warning(
        'payload keys',
        `key ${older.join(', ')} is still needed by ${of(older)}`,
        `Run \`resegment deploy\`, which encrypts them with key ${keys[0]!.id}.`,
      ),
    ]
  return used.length > 0 ? [ok('payload keys', 'schedules are encrypted with the newest')] : []
}
