import { DatabaseError, type Client } from 'pg'
import type { Source } from '../../stages/extract/config.ts'
import { relationOf } from './relation.ts'

/** 16 MB of a table: so small that connections which read parts in turn end at about the same time. */
const PAGES_A_PART = 2048
const MOST_PARTS = 64
/** Older servers would look at the whole table for each part. */
const VERSION_WITH_RANGE_SCANS = 140_000

/**
 * Conditions that cut a table into parts, by where its rows lie; none when it is read in one piece. Together they hold for each row once, also for
 * rows of tables that inherit from it, and for those that lie behind the end that the server tells. Nothing moves a row that the snapshot sees: that
 * would take a lock that its transaction refuses.
 */
export async function splitTable(client: Client, source: Source): Promise<readonly string[]> {
  if (!('table' in source.from)) return []
  const pages = await pagesOf(client, relationOf(source))
  const count = Math.min(MOST_PARTS, Math.floor(pages / PAGES_A_PART))
  if (count < 2) return []
  const cuts = Array.from({ length: count - 1 }, (_, index) => `'(${Math.floor(((index + 1) * pages) / count)},0)'`)
  return Array.from({ length: count }, (_, part) =>
    [
      ...(part === 0 ? [] : [`ctid >= ${cuts[part - 1]!}`]),
      ...(part === count - 1 ? [] : [`ctid < ${cuts[part]!}`]),
    ].join(' AND '),
  )
}

/** @returns 0 for what has no pages of its own, as a view, and where nobody can tell, as on servers that only speak like Postgres */
async function pagesOf(client: Client, relation: string): Promise<number> {
  await client.query('SAVEPOINT split')
  try {
    const { rows } = await client.query<{ pages: string }>(
      `SELECT pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
       FROM pg_class c JOIN pg_am a ON a.oid = c.relam
       WHERE c.oid = to_regclass($1) AND c.relkind = 'r' AND a.amname = 'heap'
         AND current_setting('server_version_num')::int >= ${VERSION_WITH_RANGE_SCANS}`,
      [relation],
    )
    return Number(rows[0]?.pages ?? 0)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await client.query('ROLLBACK TO SAVEPOINT split')
    return 0
  }
}
