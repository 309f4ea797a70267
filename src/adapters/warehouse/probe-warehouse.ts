import { sql } from 'kysely'
import type { ContractView } from '../../run/contract.ts'
import { openPool, type WarehouseOptions, type WarehouseTransaction } from './connection.ts'
import { checkMigrated } from './migrate.ts'
import { readContract } from './read-contract.ts'

/** What a warehouse is, as far as workers depend on it. */
export interface WarehouseTraits {
  /** `16.4`, and its first number. */
  readonly version: string
  readonly major: number
  readonly user: string
  /** Null: the schema is as this version needs it. Otherwise why not, and what to do. */
  readonly unready: { readonly what: string; readonly remedy: string } | null
  /** What the user may not do that publishing takes; empty also when the schema is not ready. */
  readonly missingRights: readonly string[]
  readonly views: readonly ContractView[]
  /** Something between us and the server hands out connections: PgBouncer and its kind. */
  readonly isPooled: boolean
  /** The clock of this machine minus that of the server. */
  readonly skewSeconds: number
}

/** Looks without changing anything. @throws ConnectionFailed, PermissionDenied */
export async function probeWarehouse(options: WarehouseOptions): Promise<WarehouseTraits> {
  const pool = openPool(options, 1)
  try {
    const about = await pool.transaction(describeServer)
    const unready = await checkMigrated(pool, options).then(
      () => null,
      (error: { what?: string; remedy?: string }) => {
        if (error.what === undefined || error.remedy === undefined) throw error
        return { what: error.what, remedy: error.remedy }
      },
    )
    if (unready) return { ...about, unready, missingRights: [], views: [] }
    const [missingRights, views] = await pool.transaction(async (transaction) => [
      await findMissingRights(transaction, options.schema),
      await readContract(transaction),
    ])
    return { ...about, unready, missingRights, views }
  } finally {
    await pool.close()
  }
}

async function describeServer({ db, client }: WarehouseTransaction) {
  const before = Date.now()
  const { rows } = await sql<{ version: string; number: number; user: string; now: number; pid: number }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_user as user, (extract(epoch from clock_timestamp()) * 1000)::float8 as now, pg_backend_pid() as pid`.execute(
    db,
  )
  const { version, number, user, now, pid } = rows[0]!
  // What comes between gives its clients a process id of its own making.
  const { processID } = client as unknown as { processID: number | null }
  return {
    version: version.split(' ')[0]!,
    major: Math.floor(number / 10_000),
    user,
    isPooled: processID !== null && processID !== pid,
    skewSeconds: ((before + Date.now()) / 2 - now) / 1000,
  }
}

/** What `migrate --print-grants` gives a publisher, and this user does not have. */
async function findMissingRights({ db }: WarehouseTransaction, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ missing: string }>`
    select missing from (
      select 0 as place, 'use schema' as missing where not has_schema_privilege(${schema}, 'usage')
      union all
      select 1, 'create in schema' where not has_schema_privilege(${schema}, 'create')
      union all
      select 2, 'create temporary tables' where not has_database_privilege(current_database(), 'temporary')
      union all
      select 3, wanted || ' ' || c.relname
      from pg_class c
      cross join unnest(case when c.relkind = 'v' or c.relname = 'migration' then array['select']
        else array['select', 'insert', 'update', 'delete'] end) as wanted
      where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
        and not has_table_privilege(c.oid, wanted)
      union all
      select 4, 'use sequence ' || c.relname
      from pg_class c where c.relnamespace = ${schema}::regnamespace
        and case c.relkind when 'S' then not has_sequence_privilege(c.oid, 'usage') else false end
      union all
      select 5, 'attach partitions to ' || c.relname
      from pg_class c where c.relnamespace = ${schema}::regnamespace and c.relname = 'membership_score'
        and not pg_has_role(c.relowner, 'usage')
    ) found order by place, missing`.execute(db)
  return rows.map(({ missing }) => missing)
}
