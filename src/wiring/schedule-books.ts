import { extendExpectedRuns } from '../activities/watch-expected-runs.ts'
import { makeScheduleBook } from '../adapters/warehouse/schedule-book.ts'
import type { Environment } from '../config/environment.ts'
import { PermissionDenied } from '../errors/permission-denied.ts'
import type { Definition } from '../plan/definition.ts'
import { type DeployedSchedule, warehousePlaceOf, type WarehousePlace } from '../plan/deployed-schedule.ts'
import { owedStarts } from '../plan/owed-starts.ts'
import type { RecordedEvent, RecordedSchedule, ScheduleBook, ScheduleEvent } from '../ports/schedule-book.ts'
import type { ExpectedRun } from '../run/expected-run.ts'
import { findPostgres } from './find-connection.ts'

export type { RecordedEvent } from '../ports/schedule-book.ts'

/** What was deployed to a target, wherever its pipelines keep it. */
export interface ScheduleBooks {
  /** @throws DeployConflict when somebody else deploys */
  exclusively<T>(body: () => Promise<T>): Promise<T>
  deployed(): Promise<readonly RecordedSchedule[]>
  record(schedule: DeployedSchedule, by: string): Promise<void>
  forget(scheduleId: string): Promise<void>
  recordEvent(event: ScheduleEvent): Promise<void>
  newestEvents(event: ScheduleEvent['event']): Promise<readonly RecordedEvent[]>
  /** Runs that were due already, in the order of time; written down first, where nobody did and the role may. */
  dueRuns(pipeline?: string): Promise<readonly ExpectedRun[]>
  close(): Promise<void>
}

/** Opens no connection before it is used. @throws SecretMissing */
export function openScheduleBooks(environment: Environment, definitions: readonly Definition[]): ScheduleBooks {
  const byAddress = new Map<string, ScheduleBook>()
  const open = ({ connections, target, pipeline }: WarehousePlace): ScheduleBook => {
    const secret = findPostgres(connections, pipeline.publish.warehouse)
    const options = { connectionString: environment.secret(secret), secret, schema: target.schema }
    const key = JSON.stringify(options)
    if (!byAddress.has(key)) byAddress.set(key, makeScheduleBook(options))
    return byAddress.get(key)!
  }
  const ofPipeline = new Map(
    definitions.map((definition) => [definition.pipeline.pipeline, open(warehousePlaceOf(definition))]),
  )
  // In one order, so that two deploys never wait for each other.
  const books = [...byAddress.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, book]) => book)
  // What belongs to no pipeline, or to one that is gone, is in the first one.
  const bookOf = (pipeline: string | null): ScheduleBook => ofPipeline.get(pipeline ?? '') ?? books[0]!
  const all = async <T>(read: (book: ScheduleBook) => Promise<readonly T[]>): Promise<T[]> =>
    (await Promise.all(books.map(read))).flat()
  return {
    exclusively: (body) => books.reduce((inner, book) => () => book.exclusively(inner), body)(),
    deployed: () => all((book) => book.deployed()),
    record: (schedule, by) => {
      const now = new Date().toISOString()
      const { pipeline, timed, purpose } = schedule
      const owed =
        timed === null || purpose === 'watch' || purpose === 'sweep'
          ? []
          : owedStarts(timed, purpose, { after: now, now })
      return bookOf(pipeline).record(schedule, by, owed)
    },
    async forget(scheduleId) {
      for (const book of books) await book.forget(scheduleId)
    },
    recordEvent: (event) => bookOf(event.pipeline).recordEvent(event),
    newestEvents: (event) => all((book) => book.newestEvents(event)),
    dueRuns: (pipeline) =>
      all(async (book) => {
        await extendExpectedRuns(book, new Date().toISOString()).catch(ignorePermission)
        return book.dueRuns(pipeline)
      }),
    async close() {
      await Promise.all(books.map((book) => book.close()))
    },
  }
}

export async function withScheduleBooks<T>(
  environment: Environment,
  definitions: readonly Definition[],
  use: (books: ScheduleBooks) => Promise<T>,
): Promise<T> {
  const books = openScheduleBooks(environment, definitions)
  try {
    return await use(books)
  } finally {
    await books.close()
  }
}

function ignorePermission(error: unknown): void {
  if (!(error instanceof PermissionDenied)) throw error
}
