import type { TemporalAccess } from '../client/connect.ts'
import { findRun } from '../client/find-run.ts'
import type { Environment } from '../config/environment.ts'
import { RunNotFound } from '../errors/run-not-found.ts'
import type { RunDescription } from '../ports/warehouse-reader.ts'
import { formatRunId, runArguments } from '../run/run-key.ts'
import { targetOption } from '../run/target-option.ts'
import type { NamedRun } from './find-definition.ts'
import { withReader } from './read-warehouse.ts'

/**
 * As `findRun`; of a run whose history has expired it says what the warehouse remembers, and how it goes on without a history.
 *
 * @returns the Workflow Id
 * @throws RunNotFound
 */
export async function findKnownRun(environment: Environment, access: TemporalAccess, run: NamedRun): Promise<string> {
  const { definition, text, runKey, revision, isDry } = run
  try {
    return await findRun(access, definition.targetName, text)
  } catch (error) {
    if (!(error instanceof RunNotFound) || isDry) throw error
    const recorded = await withReader(environment, definition, (reader) => reader.describeRun(runKey, revision))
    if (!recorded) throw error
    throw forgotten(recorded, definition.targetName)
  }
}

function forgotten(recorded: RunDescription, targetName: string): RunNotFound {
  const { runKey, asOf, kind, status, finishedAt } = recorded
  const since = finishedAt === null ? '' : ` since ${finishedAt.slice(0, 10)}`
  const run = `resegment run ${runArguments(runKey, asOf, kind)}`
  const target = targetOption(targetName)
  return new RunNotFound(
    `Temporal has forgotten run ${formatRunId(recorded)}, which is ${status}${since}: the retention of the namespace is over.`,
    status === 'published'
      ? `It is complete. To make it anew: \`${run} --revision next${target}\`.`
      : `Start the same revision: \`${run} --revision ${recorded.revision}${target}\` uses what it had finished and goes on from there. When source or definition had to change: \`--revision next\`.`,
  )
}
