import { Context } from '@temporalio/activity'
import type { WarehousePlace } from '../plan/deployed-schedule.ts'
import type { Services } from '../ports/services.ts'
import type { AlarmChanges } from '../run/alarm.ts'
import { toActivityFailure } from './failures.ts'
import { settleRuns } from './settle-runs.ts'
import { watchExpectedRuns } from './watch-expected-runs.ts'

/** The one argument of workflow `watchSchedules`. */
export interface WatchInput {
  /** Where runs are recorded that have to be looked for. */
  readonly warehouses: readonly WarehousePlace[]
}

export interface WatchActivities {
  watchRuns(input: WatchInput): Promise<AlarmChanges>
}

/** Looks for runs that did not come, and keeps the alarms about them. May happen twice: the second time nothing is new. */
export function makeWatchActivities(services: Services): WatchActivities {
  return {
    async watchRuns({ warehouses }) {
      try {
        const found: AlarmChanges[] = []
        for (const place of warehouses) {
          await settleRuns(Context.current().client.workflow, services.ledger(place), undefined)
          found.push(await watchExpectedRuns(services.scheduleBook(place), new Date().toISOString()))
        }
        return {
          raised: found.flatMap(({ raised }) => raised),
          cleared: found.flatMap(({ cleared }) => cleared),
        }
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
  }
}
