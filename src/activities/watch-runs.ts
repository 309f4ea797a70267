import { Context } from '@temporalio/activity'
import type { WarehousePlace } from '../plan/deployed-schedule.ts'
import type { Services } from '../ports/services.ts'
import type { AlarmChanges } from '../run/alarm.ts'
import { toActivityFailure } from './failures.ts'
import { findRetrying } from './find-trouble.ts'
import { findUnserved } from './find-unserved.ts'
import { describeOpenRuns } from './open-runs.ts'
import { settleRuns } from './settle-runs.ts'
import { tellAlarms, tellTroubles, type Told } from './tell-troubles.ts'
import { watchExpectedRuns } from './watch-expected-runs.ts'

/** The one argument of workflow `watchSchedules`. */
export interface WatchInput {
  /** Where runs are recorded that have to be looked for. */
  readonly warehouses: readonly WarehousePlace[]
  /** Who has to hear of what is found. Absent: nobody. */
  readonly told?: { readonly targetName: string; readonly pipelines: readonly Told[] }
}

export interface WatchActivities {
  watchRuns(input: WatchInput): Promise<AlarmChanges>
  /** Looks at Temporal alone: stages that go on failing, queues that nobody polls. */
  watchWorkers(input: WatchInput): Promise<void>
}

/** Looks for runs that did not come, and keeps the alarms about them. May happen twice: the second time nothing is new. */
export function makeWatchActivities(services: Services): WatchActivities {
  return {
    async watchRuns({ warehouses, told }) {
      const { client } = Context.current()
      try {
        const found: AlarmChanges[] = []
        for (const place of warehouses) {
          await settleRuns(client.workflow, services.ledger(place), undefined)
          const book = services.scheduleBook(place)
          found.push(await watchExpectedRuns(book, new Date().toISOString()))
          if (told) await tellAlarms(client, told.targetName, told.pipelines, book)
        }
        return {
          raised: found.flatMap(({ raised }) => raised),
          cleared: found.flatMap(({ cleared }) => cleared),
        }
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
    async watchWorkers({ told }) {
      if (!told) return
      const { client } = Context.current()
      const { targetName, pipelines } = told
      const nowMs = Date.now()
      try {
        const openRuns = await describeOpenRuns(client, targetName)
        const found = [
          ...(await findRetrying(client, openRuns, targetName, nowMs)),
          ...(await findUnserved(client, openRuns, targetName, nowMs)),
        ]
        await tellTroubles(client, targetName, pipelines, found, nowMs)
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
  }
}
