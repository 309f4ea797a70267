import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import pg from 'pg'
import { makeLedger, type WarehouseLedger } from '../../../src/adapters/warehouse/ledger.ts'
import { migrate } from '../../../src/adapters/warehouse/migrate.ts'
import { makeWarehouseReader } from '../../../src/adapters/warehouse/reader.ts'
import { makeWarehouse, type Warehouse } from '../../../src/adapters/warehouse/warehouse.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import type { PublishOutcome } from '../../../src/ports/destination.ts'
import type { WarehouseReader } from '../../../src/ports/warehouse-reader.ts'
import { formatRunId } from '../../../src/run/run-key.ts'
import { useStack } from '../../use-stack.ts'
import { makeCandidate, openSession, type CandidateOptions } from './candidate.ts'

/** A migrated schema of its own, with everything over it. */
export interface FreshSchema {
  readonly schema: string
  readonly connectionString: string
  readonly warehouse: Warehouse
  readonly ledger: WarehouseLedger
  readonly reader: WarehouseReader
  readonly session: ComputeSession
  readonly scratchPath: string
  /** Looks at the tables as a consumer would. */
  query<R = Record<string, unknown>>(text: string): Promise<R[]>
  /** Several looks in one round trip. */
  queryAll(texts: readonly string[]): Promise<readonly unknown[][]>
  publish(options: CandidateOptions): Promise<PublishOutcome & { readonly runId: string }>
  countOf(relation: string): Promise<number>
  /** Names of the tables that hold per-run values. */
  scorePartitions(): Promise<string[]>
  /** As if nothing had been published: quicker than another schema. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** @param server default: the embedded one */
export async function openFreshSchema(server?: string): Promise<FreshSchema> {
  const connectionString = server ?? (await useStack()).endpoints.warehouse
  const schema = `t_${randomUUID().slice(0, 8)}`
  const options = { connectionString, schema }
  await migrate(options)
  // One connection, that a server which was restarted gets anew.
  const enterSchema = (made: pg.ClientBase): unknown => made.query(`set search_path to ${schema}`)
  const client = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0, onConnect: enterSchema })
  client.on('error', () => undefined)
  const warehouse = makeWarehouse(options)
  const ledger = makeLedger(options)
  const reader = makeWarehouseReader(options)
  const { session, scratchPath } = await openSession()
  const query = async <R>(text: string): Promise<R[]> => (await client.query(text)).rows as R[]
  const scorePartitions = async (): Promise<string[]> => {
    const rows = await query<{ relname: string }>(`select relname from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname like 'membership\\_score\\_%' order by 1`)
    return rows.map((row) => row.relname)
  }
  return {
    ...options,
    warehouse,
    ledger,
    reader,
    session,
    scratchPath,
    query,
    async queryAll(texts) {
      const results = (await client.query(texts.join(';\n'))) as unknown as readonly pg.QueryResult[]
      return results.map(({ rows }) => rows)
    },
    async publish(options) {
      const candidate = await makeCandidate({ session, scratchPath }, options)
      return {
        ...(await warehouse.publish(session, candidate, () => undefined)),
        runId: formatRunId(candidate.plan),
      }
    },
    async countOf(relation) {
      const [row] = await query<{ count: string }>(`select count(*) from ${relation}`)
      return Number(row!.count)
    },
    scorePartitions,
    async clear() {
      for (const partition of await scorePartitions()) await query(`drop table ${partition}`)
      const tables = await query<{ relname: string }>(`select relname from pg_class
        where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> 'migration'`)
      await query(`truncate ${tables.map(({ relname }) => relname).join(', ')}`)
    },
    async close() {
      await Promise.all([warehouse.close(), ledger.close(), reader.close(), session.close()])
      await client.query(`drop schema ${schema} cascade`)
      await client.end()
      await rm(scratchPath, { recursive: true, force: true })
    },
  }
}
