import { sql } from 'kysely'
import { scorePartition } from './score-partition.ts'
import type { WarehousePool } from './connection.ts'

/** What the views read that consumers join, beside the scores. */
const TABLES = [
  ...['membership_open', 'membership_closed', 'publication', 'publication_segment', 'pipeline', 'run', 'segment'],
  ...['membership_replaced', 'transition'],
]

/**
 * Tells the planner what a publication changed. Postgres looks by itself only minutes later: until then consumers' joins are planned for
 * tables that are all but empty. Blocks nobody; reads a sample of each table.
 */
export async function refreshStatistics(pool: WarehousePool, schema: string, publicationId: number): Promise<void> {
  const tables = [...TABLES, scorePartition(publicationId)].map((table) => sql.id(schema, table))
  await pool.alone((db) => sql`analyze ${sql.join(tables)}`.execute(db))
}
