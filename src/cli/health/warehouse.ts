import type { Environment } from '../../config/environment.ts'
import type { HealthCheck } from '../../report/health-report.ts'
import { findBreaches } from '../../run/contract.ts'
import { shippedContract } from '../../wiring/shipped-contract.ts'
import { lookIntoWarehouse } from '../../wiring/probes.ts'
import type { WarehouseAddress } from '../../wiring/warehouse.ts'
import { clockCheck } from './clock.ts'
import { look, ok, problem, warning } from './look.ts'

/** Majors of Postgres that resegment is tested with: the oldest and the newest. */
const [OLDEST, NEWEST] = [14, 18]
/** Rights that a message names; it counts the others. */
const MOST_NAMED = 4

export function lookAtWarehouse(environment: Environment, address: WarehouseAddress): Promise<readonly HealthCheck[]> {
  const { schema } = address
  return look(`warehouse`, async () => {
    const found = await lookIntoWarehouse(environment, address)
    const { version, major, user, unready, missingRights, isPooled, skewSeconds } = found
    const breaches = unready ? [] : findBreaches(shippedContract(), found.views)
    return [
      versionCheck(version, major),
      unready
        ? problem('warehouse schema', unready.what, unready.remedy)
        : ok('warehouse schema', `${schema} is at the newest migration`),
      ...(unready
        ? []
        : [
            missingRights.length === 0
              ? ok('warehouse rights', `${user} may publish`)
              : problem(
                  'warehouse rights',
                  `${user} may not: ${some(missingRights)}`,
                  'Run what `resegment migrate --print-grants` prints, and let workers log in as a publisher.',
                ),
            breaches.length === 0
              ? ok('warehouse contract', 'the views are as consumers were told')
              : problem(
                  'warehouse contract',
                  some(breaches),
                  'Somebody changed views of resegment: drop what replaced them, then let `resegment migrate` of a fresh schema show how they are.',
                ),
          ]),
      ok('warehouse pooler', isPooled ? 'one is in between: transaction mode is enough' : 'none in between'),
      clockCheck(skewSeconds, 'the warehouse'),
    ]
  })
}

function versionCheck(version: string, major: number): HealthCheck {
  if (major < OLDEST)
    return problem('warehouse', `Postgres ${version}; ${OLDEST} is the oldest that works`, 'Upgrade the server.')
  if (major > NEWEST)
    return warning(
      'warehouse',
      `Postgres ${version}; ${NEWEST} is the newest that was tested`,
      'Watch the first publication, or see whether a newer resegment knows it.',
    )
  return ok('warehouse', `Postgres ${version}`)
}

function some(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : ''
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`
}
