import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Whether people were told of an alarm, and of its end, is kept with the alarm. Old workers may keep running: what they tell may be told once
 * more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table alarm
      add column if not exists told_at timestamptz,
      add column if not exists end_told_at timestamptz`.execute(db)
}
