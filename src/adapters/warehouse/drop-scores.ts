import { sql } from 'kysely'
import { scorePartition } from './load-scores.ts'
import type { WarehousePool } from './connection.ts'

/** Per-run values are kept for the live publication and this many before it; history, catalogue and findings are kept for good. */
const EARLIER_PUBLICATIONS_WITH_SCORES = 7
const LONGEST_WAIT = '10s'

/**
 * Drops what no consumer can see any more: publications that were loaded but lost the race (they were compared with something that is no
 * longer live), and the values of old publications. Never blocks a reader.
 */
export async function dropOldScores(pool: WarehousePool, schema: string, pipeline: string): Promise<void> {
  const { lost, old } = await pool.transaction(async ({ db }) => {
    const live = await db
      .selectFrom('pipeline')
      .select('publication_id')
      .where('name', '=', pipeline)
      .executeTakeFirst()
    const lostRows = await sql<{ id: number }>`
      select id from publication where pipeline = ${pipeline} and published_at is null
        and compared_with is distinct from ${live?.publication_id ?? null}::bigint`.execute(db)
    const oldRows = await sql<{ id: number }>`
      select id from publication
      where pipeline = ${pipeline} and published_at is not null and id <> ${live?.publication_id ?? 0}
      order by published_at desc offset ${EARLIER_PUBLICATIONS_WITH_SCORES}`.execute(db)
    return { lost: lostRows.rows.map((row) => row.id), old: oldRows.rows.map((row) => row.id) }
  })
  for (const id of [...lost, ...old]) await dropPartition(pool, schema, id)
  if (lost.length > 0)
    await pool.transaction(({ db }) =>
      db.deleteFrom('publication').where('id', 'in', lost).where('published_at', 'is', null).execute(),
    )
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
    await sql`set statement_timeout to ${sql.lit(LONGEST_WAIT)}`.execute(db)
    // Concurrently: it waits for readers, they do not wait for it. Half done by a dead attempt: finalize.
    if (found.pending === false) await sql`alter table ${parent} detach partition ${partition} concurrently`.execute(db)
    if (found.pending === true) await sql`alter table ${parent} detach partition ${partition} finalize`.execute(db)
    await sql`drop table ${partition}`.execute(db)
    await sql`reset statement_timeout`.execute(db)
  })
}
