import { sql } from 'kysely'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { scorePartition } from './score-partition.ts'
import { lockPipeline } from './pipeline-lock.ts'
import type { WarehousePool, WarehouseTransaction } from './connection.ts'

/** Per-run values are kept for the live publication and this many before it; history, catalogue and findings are kept for good. */
const EARLIER_PUBLICATIONS_WITH_SCORES = 7
const LONGEST_WAIT_MS = 10_000

/**
 * Drops what no consumer can see any more: publications that were loaded but lost the race (they were compared with something that is no
 * longer live), and the values of old publications. Never blocks a reader; a rollback waits, so that it never returns to what is being
 * dropped.
 */
export async function dropOldScores(pool: WarehousePool, schema: string, pipeline: string): Promise<void> {
  await pool.transaction(async (transaction) => {
    await lockPipeline(transaction, schema, pipeline)
    const { lost, old } = await findUnseen(transaction, pipeline)
    // On connections of their own: detaching concurrently is refused in a transaction, and does not wait for this one.
    for (const id of [...lost, ...old]) await dropPartition(pool, schema, id)
    if (lost.length > 0)
      await transaction.db.deleteFrom('publication').where('id', 'in', lost).where('published_at', 'is', null).execute()
  })
}

async function findUnseen(
  { db }: WarehouseTransaction,
  pipeline: string,
): Promise<{ readonly lost: readonly number[]; readonly old: readonly number[] }> {
  const live = await db.selectFrom('pipeline').select('publication_id').where('name', '=', pipeline).executeTakeFirst()
  const lost = await sql<{ id: number }>`
    select id from publication where pipeline = ${pipeline} and published_at is null
      and compared_with is distinct from ${live?.publication_id ?? null}::bigint`.execute(db)
  const old = await sql<{ id: number }>`
    select id from publication
    where pipeline = ${pipeline} and published_at is not null and id <> ${live?.publication_id ?? 0}
    order by published_at desc offset ${EARLIER_PUBLICATIONS_WITH_SCORES}`.execute(db)
  return { lost: lost.rows.map((row) => row.id), old: old.rows.map((row) => row.id) }
}

async function dropPartition(pool: WarehousePool, schema: string, id: number): Promise<void> {
  const parent = sql.id(schema, 'membership_score')
  const partition = sql.id(schema, scorePartition(id))
  await pool.alone(async (db) => {
    const { rows } = await sql<{ pending: boolean | null }>`
      select i.inhdetachpending as pending from pg_class c left join pg_inherits i on i.inhrelid = c.oid
      where c.oid = to_regclass(${`"${schema}".${scorePartition(id)}`})`.execute(db)
    const [found] = rows
    if (!found) return
    // Concurrently: it waits for readers, they do not wait for it. Half done by a dead attempt: finalize.
    if (found.pending === false)
      await soon(sql`alter table ${parent} detach partition ${partition} concurrently`.execute(db))
    if (found.pending === true)
      await soon(sql`alter table ${parent} detach partition ${partition} finalize`.execute(db))
    await soon(sql`drop table ${partition}`.execute(db))
  })
}

/** A time-out of the server would be a setting of the session, which a pooler gives to others. Giving up drops the connection. */
async function soon(statement: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectionFailed('A reader holds old values for long.', 'The next publication drops them.')),
      LONGEST_WAIT_MS,
    )
  })
  statement.catch(() => undefined) // Heard after the time-out by nobody.
  try {
    await Promise.race([statement, late])
  } finally {
    clearTimeout(timer)
  }
}
