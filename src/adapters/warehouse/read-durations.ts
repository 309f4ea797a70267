import { sql } from 'kysely'
import { kindOfRunKey, parseRunId, type RunIdentity } from '../../run/run-key.ts'
import type { StageCounts } from '../../run/run-status.ts'
import type { WarehouseTransaction } from './connection.ts'

/** Two years of quarters: what took long before a pipeline changed is soon forgotten. */
const MOST_RUNS = 8

/** Stages of the newest publications of the same kind that began before a run did; of all of them where it is not recorded yet. */
export async function readEarlierStages(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { runKey, revision }: RunIdentity,
): Promise<readonly (readonly StageCounts[])[]> {
  const { rows } = await sql<{ counts: readonly StageCounts[] }>`
    select earlier.counts
    from run as earlier
    left join run on run.run_key = ${runKey} and run.revision = ${revision}
    where earlier.pipeline = ${parseRunId(runKey)!.pipeline} and earlier.kind = ${kindOfRunKey(runKey)}
      and earlier.published_at is not null and (run.started_at is null or earlier.started_at < run.started_at)
    order by earlier.started_at desc limit ${MOST_RUNS}`.execute(db)
  return rows.map(({ counts }) => counts)
}
