import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import { type Staleness, stalenessOf } from '../run/expected-run.ts'
import { withScheduleBooks } from './schedule-books.ts'

/** Whether what consumers see is as new as the deployed schedules promise: told from the warehouse alone, whatever became of Temporal. */
export async function staleness(
  environment: Environment,
  definitions: readonly Definition[],
): Promise<readonly Staleness[]> {
  const due = await withScheduleBooks(environment, definitions, (books) => books.dueRuns())
  const asked = definitions.map(({ pipeline }) => pipeline.pipeline)
  return stalenessOf(due.filter(({ pipeline }) => asked.includes(pipeline)))
}
