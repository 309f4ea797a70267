import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { nameWarehouse, toWarehouseFailure } from './warehouse-failure.ts'
import type { Tables } from './tables.ts'

export interface WarehouseOptions {
  /** `postgres://user:password@host:port/database`. Never shown. */
  readonly connectionString: string
  /** Name of the secret that holds it, for messages. */
  readonly secret?: string
  /** Schema of the target's tables and views. */
  readonly schema: string
}

/** One connection inside a transaction whose search path is the target's schema. */
export interface WarehouseTransaction {
  readonly db: Kysely<Tables>
  /** For COPY, which Kysely does not speak. */
  readonly client: pg.PoolClient
}

export interface WarehousePool {
  transaction<T>(body: (transaction: WarehouseTransaction) => Promise<T>): Promise<T>
  /** Without a transaction: for the few commands that refuse one. Names must carry the schema. */
  alone<T>(body: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const INT8 = pg.types.builtins.INT8
const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ
const CONNECT_TIMEOUT_MS = 10_000
/** A million customers are joined and indexed without spilling; a server's defaults are made for many small queries. */
const WORK_MEMORY = '64MB'
const INDEX_MEMORY = '256MB'
/** A connection through which nothing comes for so long is asked whether it still stands: firewalls forget silent ones. */
const KEEP_ALIVE_AFTER_MS = 30_000
/** A machine that lost its power says no goodbye: for so long the server would keep the lock of its transaction. Ours are never idle for seconds. */
const LONGEST_IDLE = '5min'
/**
 * Whoever waits for a lock on a table makes all readers wait that come after: it gives up and is tried again. It also bounds how long an
 * attempt that only waits goes on after it was cancelled or paused.
 */
const LONGEST_LOCK_WAIT = '15s'

/** Opens nothing yet. Failures of everything done through it are already translated. */
export function openPool({ connectionString, secret, schema }: WarehouseOptions, maxConnections = 4): WarehousePool {
  const warehouse = nameWarehouse(connectionString)
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    application_name: 'resegment',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    allowExitOnIdle: true,
    types: { getTypeParser },
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)

  // In one round trip.
  const begin = `begin; set local search_path to ${pg.escapeIdentifier(schema)}; set local work_mem to '${WORK_MEMORY}';
    set local maintenance_work_mem to '${INDEX_MEMORY}'; set local idle_in_transaction_session_timeout to '${LONGEST_IDLE}';
    set local lock_timeout to '${LONGEST_LOCK_WAIT}'`

  async function withClient<T>(body: (client: pg.PoolClient, db: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      const client = await pool.connect()
      // A connection that breaks between two queries says so here; the next query fails and is translated.
      client.on('error', ignore)
      let failed = true
      try {
        const result = await body(client, kyselyOver(client))
        failed = false
        return result
      } finally {
        client.off('error', ignore)
        client.release(failed)
      }
    } catch (error) {
      throw toWarehouseFailure(error, warehouse, schema, secret)
    }
  }

  return {
    transaction: (body) =>
      withClient(async (client, db) => {
        await client.query(begin)
        // A failure drops the connection, which rolls back.
        const result = await body({ db, client })
        await client.query('commit')
        return result
      }),
    alone: (body) => withClient((_, db) => body(db)),
    close: () => pool.end(),
  }
}

/** Kysely bound to one connection, so that it shares a transaction with COPY. */
function kyselyOver(client: pg.PoolClient): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: {
        options: {},
        connect: () =>
          Promise.resolve({
            query: client.query.bind(client) as never,
            release: ignore,
          }),
        end: () => Promise.resolve(),
      },
    }),
  })
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (format !== 'binary' && oid === INT8) return Number
  if (format !== 'binary' && oid === TIMESTAMPTZ) return (text) => new Date(text).toISOString()
  return pg.types.getTypeParser(oid, format as 'text')
}

function ignore(): undefined {
  return undefined
}
