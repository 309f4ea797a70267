import { sql } from 'kysely'
import type { CustomerStore, ErasedRows, HeldRow } from '../../../ports/customer-store.ts'
import type { WarehousePool, WarehouseTransaction } from '../connection.ts'
import { openMigrated } from '../migrate.ts'
import { type CustomerHash, customerHashOf, ledgerHash } from './customer-hash.ts'
import type { PrivacyOptions } from './suppressed.ts'

export interface WarehouseStoreOptions extends PrivacyOptions {
  /** Default: warehouse. */
  readonly name?: string
  /** RESEGMENT_LEDGER_KEY. Absent: a key of the warehouse's own. */
  readonly ledgerKey?: string | undefined
}

export interface WarehouseStore extends CustomerStore {
  close(): Promise<void>
}

/** Tables that name customers and are left alone, and why. */
export const keptTables: Readonly<Record<string, string>> = {
  erasure_subject: 'whom an erasure is about: removed when it has finished',
}

/** Tables that know customers by the hash of the ledger. */
const HASHED_TABLES = ['destination_effect']

const ROWS_A_PAGE = 1_000

/** The tables of a target that hold rows of single customers: whichever has a column `customer_id`, also one of values that are not attached yet. */
export function makeWarehouseStore(options: WarehouseStoreOptions): WarehouseStore {
  const pool = openMigrated(options, 1)
  return {
    name: options.name ?? 'warehouse',
    async *find(customerIds, signal) {
      for (const table of await pool.transaction(namingTables)) yield* findIn(pool, table, customerIds, signal)
      for (const table of HASHED_TABLES) yield* findHashed(pool, table, customerIds, options.ledgerKey)
    },
    async erase(customerIds, signal) {
      const erased: ErasedRows[] = []
      const tables = await pool.transaction(namingTables)
      for (const table of tables) {
        signal.throwIfAborted()
        erased.push(await pool.transaction((transaction) => eraseFrom(transaction, table, customerIds)))
      }
      for (const table of HASHED_TABLES)
        erased.push(
          await pool.transaction(async (transaction) => {
            const hash = await customerHashOf(transaction, ledgerHash, options.ledgerKey)
            const deleted = await sql`
              delete from ${sql.id(table)} where customer_hash = any(${customerIds.map(hash)}::bytea[])`.execute(
              transaction.db,
            )
            return told(table, deleted)
          }),
        )
      // The planner remembers values of rows that are gone.
      const looked = tables.map((table) => sql.id(options.schema, table))
      if (looked.length > 0) await pool.alone((db) => sql`analyze ${sql.join(looked)}`.execute(db))
      return {
        rows: erased.reduce((sum, { rows }) => sum + rows, 0),
        places: erased.flatMap(({ places }) => places),
      }
    },
    close: () => pool.close(),
  }
}

/** From the catalogue, not from a list: a table of a later version is known as soon as it is there. */
export async function namingTables({ db }: Pick<WarehouseTransaction, 'db'>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname = 'customer_id' and not a.attisdropped
    order by c.relname`.execute(db)
  return rows.map(({ name }) => name).filter((name) => !(name in keptTables))
}

async function* findIn(
  pool: WarehousePool,
  table: string,
  customerIds: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<HeldRow> {
  // A page is a transaction, so that the rows of an interrupted look hold none open.
  for (let from = 0; ; from += ROWS_A_PAGE) {
    signal.throwIfAborted()
    const rows = await pool.transaction(async ({ db }) => {
      const found = await sql<Record<string, unknown> & { customer_id: string }>`
        select t.* from ${sql.id(table)} t where customer_id = any(${customerIds}::text[])
        order by t limit ${ROWS_A_PAGE} offset ${from}`.execute(db)
      return found.rows
    })
    for (const { customer_id, ...values } of rows) yield { customerId: customer_id, where: table, values }
    if (rows.length < ROWS_A_PAGE) return
  }
}

async function* findHashed(
  pool: WarehousePool,
  table: string,
  customerIds: readonly string[],
  ledgerKey: string | undefined,
): AsyncGenerator<HeldRow> {
  const { rows, hash } = await pool.transaction(async (transaction) => {
    const made: CustomerHash = await customerHashOf(transaction, ledgerHash, ledgerKey)
    const found = await sql<Record<string, unknown> & { customer_hash: Buffer }>`
      select t.* from ${sql.id(table)} t where customer_hash = any(${customerIds.map(made)}::bytea[])
      order by t`.execute(transaction.db)
    return { rows: found.rows, hash: made }
  })
  const known = new Map(customerIds.map((id) => [hash(id).toString('hex'), id]))
  for (const { customer_hash, ...values } of rows)
    yield { customerId: known.get(customer_hash.toString('hex'))!, where: table, values }
}

async function eraseFrom(
  { db }: WarehouseTransaction,
  table: string,
  customerIds: readonly string[],
): Promise<ErasedRows> {
  const deleted = await sql`
    delete from ${sql.id(table)} where customer_id = any(${customerIds}::text[])`.execute(db)
  return told(table, deleted)
}

function told(table: string, { numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }): ErasedRows {
  const rows = Number(numAffectedRows)
  return { rows, places: rows === 0 ? [] : [table] }
}
