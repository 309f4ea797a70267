import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { WarehouseNotMigrated } from '../../errors/warehouse-not-migrated.ts'
import { openPool } from './connection.ts'
import { allMigrations, newestMigration } from './migrations/all-migrations.ts'
import { nameWarehouse } from './warehouse-failure.ts'
import type { WarehouseOptions, WarehousePool, WarehouseTransaction } from './connection.ts'

const MIGRATION_TABLE = 'migration'

export interface MigrationReport {
  readonly schema: string
  /** Names of the migrations done now; empty when the schema was up to date. */
  readonly applied: readonly string[]
  readonly newest: string
}

/**
 * Brings the schema up to this version, forward only, in one transaction. Several at once wait for one another. Kysely's own Migrator lists
 * the tables of all schemas, and fails when another target drops one meanwhile.
 */
export async function migrate(options: WarehouseOptions): Promise<MigrationReport> {
  const pool = openPool(options, 1)
  try {
    const applied = await pool.transaction((transaction) => applyAll(transaction, options.schema))
    return { schema: options.schema, applied, newest: newestMigration }
  } finally {
    await pool.close()
  }
}

async function applyAll({ db }: WarehouseTransaction, schema: string): Promise<readonly string[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`resegment migrate ${schema}`}, 0))`.execute(db)
  // `if not exists` asks for the right to create schemas even when there is nothing to create.
  const found = await sql`select from pg_namespace where nspname = ${schema}`.execute(db)
  if (found.rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(db)
  await sql`create table if not exists ${sql.id(schema, MIGRATION_TABLE)} (
    name text primary key, applied_at timestamptz not null default now())`.execute(db)
  const known = await sql<{ name: string }>`select name from ${sql.id(schema, MIGRATION_TABLE)}`.execute(db)
  const names = new Set(known.rows.map((row) => row.name))
  const missing = Object.keys(allMigrations)
    .sort()
    .filter((name) => !names.has(name))
  for (const name of missing) {
    await allMigrations[name]!.up(db as unknown as Kysely<unknown>)
    await sql`insert into ${sql.id(schema, MIGRATION_TABLE)} (name) values (${name})`.execute(db)
  }
  return missing
}

/**
 * A pool that asks before its first use whether the warehouse has every migration, and again until it has. Opens nothing yet.
 *
 * @throws WarehouseNotMigrated from everything that is done through it
 */
export function openMigrated(options: WarehouseOptions, maxConnections?: number): WarehousePool {
  const pool = openPool(options, maxConnections)
  let checked: Promise<void> | undefined
  const check = (): Promise<void> => {
    checked ??= checkMigrated(pool, options).catch((error: unknown) => {
      checked = undefined
      throw error
    })
    return checked
  }
  return {
    async transaction(body) {
      await check()
      return pool.transaction(body)
    },
    async alone(body) {
      await check()
      return pool.alone(body)
    },
    close: () => pool.close(),
  }
}

/** @throws WarehouseNotMigrated */
export async function checkMigrated(
  pool: WarehousePool,
  { connectionString, schema }: WarehouseOptions,
): Promise<void> {
  const done = await pool.alone(async (db) => {
    const table = sql.id(schema, MIGRATION_TABLE)
    const { rows } = await sql<{ present: boolean }>`
      select to_regclass(${`"${schema}".${MIGRATION_TABLE}`}) is not null as present`.execute(db)
    if (!rows[0]?.present) return []
    return (await sql<{ name: string }>`select name from ${table}`.execute(db)).rows.map(({ name }) => name)
  })
  // What a newer version added is fine: a migration that old workers do not survive says so and comes with its own release.
  const missing = Object.keys(allMigrations).filter((name) => !done.includes(name))
  if (missing.length === 0) return
  const where = `Schema ${schema} of the warehouse at ${nameWarehouse(connectionString)}`
  throw new WarehouseNotMigrated(
    done.length === 0
      ? `${where} has no tables of resegment.`
      : `${where} lacks ${missing.length === 1 ? 'migration' : 'migrations'} ${missing.sort().join(', ')}, which this version needs.`,
    'Run `resegment migrate` for this target, then retry.',
  )
}
