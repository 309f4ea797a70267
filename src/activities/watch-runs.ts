import { Context } from '@temporalio/activity'
import type { WarehousePlace } from '../plan/deployed-schedule.ts'
import type { Services } from '../ports/services.ts'
import { type Alarm, type AlarmChanges, alarmsOf } from '../run/alarm.ts'
import { toActivityFailure } from './failures.ts'
import { findRetrying, findUnserved, type OwnedTrouble } from './find-trouble.ts'
import { settleRuns } from './settle-runs.ts'
import { type Look, tellTroubles, type Told } from './tell-troubles.ts'
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
    async watchRuns(input) {
      try {
        const found: AlarmChanges[] = []
        const owed: OwnedTrouble[] = []
        const now = new Date().toISOString()
        for (const place of input.warehouses) {
          await settleRuns(Context.current().client.workflow, services.ledger(place), undefined)
          const book = services.scheduleBook(place)
          found.push(await watchExpectedRuns(book, now))
          if (input.told)
            owed.push(...alarmsOf(await book.dueRuns(undefined)).flatMap((alarm) => troubleOf(alarm, now)))
        }
        await tellOf(input, () => Promise.resolve({ kinds: ['missed', 'stale'], found: owed }))
        return {
          raised: found.flatMap(({ raised }) => raised),
          cleared: found.flatMap(({ cleared }) => cleared),
        }
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
    async watchWorkers(input) {
      const { client } = Context.current()
      const nowMs = Date.now()
      try {
        await tellOf(input, async (targetName) => ({
          kinds: ['retrying', 'unserved'],
          found: [
            ...(await findRetrying(client, targetName, nowMs)),
            ...(await findUnserved(client, targetName, nowMs)),
          ],
        }))
      } catch (error) {
        throw toActivityFailure(error)
      }
    },
  }
}

async function tellOf({ told }: WatchInput, look: (targetName: string) => Promise<Look>): Promise<void> {
  if (!told) return
  const { targetName, pipelines } = told
  await tellTroubles(Context.current().client, targetName, pipelines, await look(targetName), Date.now())
}

/** Of a run that failed or waits, itself has told people. */
function troubleOf({ kind, pipeline, runKey, message, remedy }: Alarm, since: string): OwnedTrouble[] {
  if (kind !== 'missed' && kind !== 'stale') return []
  return [{ pipeline, trouble: { kind, about: runKey, since, run: null, what: message, remedy } }]
}
