import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { WarehousePool } from './connection.ts'

const LONGEST_WAIT_MS = 2_000
const BETWEEN_LOOKS_MS = 5

/**
 * Waits until every statement is gone that was planned before a new partition was attached.
 *
 * Postgres plans a statement first and takes its snapshot afterwards. One that was planned before the partition existed and took its snapshot
 * after the pointer moved would look for the new publication in the old partitions, and see no customers. The time between plan and
 * snapshot is microseconds; a reader that still holds its lock after two seconds has long taken its snapshot, and is not waited for.
 */
export async function waitForEarlierReaders(pool: WarehousePool, schema: string): Promise<void> {
  const started = performance.now()
  let earlier = await readers(pool, schema)
  while (earlier.size > 0 && performance.now() - started < LONGEST_WAIT_MS) {
    await sleep(BETWEEN_LOOKS_MS)
    const now = await readers(pool, schema)
    earlier = new Set([...earlier].filter((holder) => now.has(holder)))
  }
}

/** Transactions that have the parent table open. */
async function readers(pool: WarehousePool, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.alone((db) =>
    sql<{ holder: string }>`
      select distinct virtualtransaction as holder from pg_locks
      where locktype = 'relation' and relation = ${`"${schema}".membership_score`}::regclass and mode = 'AccessShareLock'
        and database = (select oid from pg_database where datname = current_database())`.execute(db),
  )
  return new Set(rows.map((row) => row.holder))
}
