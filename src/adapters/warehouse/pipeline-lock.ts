import { sql } from 'kysely'
import type { WarehouseTransaction } from './connection.ts'

/**
 * One at a time changes what consumers of a pipeline see, whatever Temporal believes about how many runs there are. It ends with the
 * transaction, so that it is right behind a pooler that lends connections by transaction. Readers take no such lock.
 */
export async function lockPipeline({ db }: WarehouseTransaction, schema: string, pipeline: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`resegment publish ${schema} ${pipeline}`}, 0))`.execute(db)
}

/** Waits for whoever changes the pipeline, and lets others read what is kept for it. */
export async function holdPipeline({ db }: WarehouseTransaction, schema: string, pipeline: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`resegment publish ${schema} ${pipeline}`}, 0))`.execute(
    db,
  )
}
