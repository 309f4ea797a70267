import { sql } from 'kysely'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { TextTable } from '../../plan/text-table.ts'
import { quoteName } from '../../sql/sql-text.ts'
import { tableNameParts } from '../../sql/table-name.ts'
import { openPool, type WarehouseOptions } from './connection.ts'
import { nameWarehouse } from './warehouse-failure.ts'

/**
 * Rows of a small table or view that somebody else fills, in an order that is always the same. Reads only.
 *
 * @param table `schema.table`, or `table` on the search path of the user
 * @param wanted columns to read; those that are not there are left out
 * @param most rows to read
 * @throws ConfigInvalid when there is no such table
 */
export async function readTableTexts(
  options: WarehouseOptions,
  table: string,
  wanted: readonly string[],
  most: number,
): Promise<TextTable> {
  const parts = tableNameParts(table)
  if (!parts)
    throw new ConfigInvalid(
      `\`${table}\` is not a table name.`,
      'Write `table`, `schema.table`, or quote parts that hold dots: `"my.schema".table`.',
    )
  const pool = openPool(options, 1)
  try {
    return await pool.alone((connection) =>
      connection
        .transaction()
        .setAccessMode('read only')
        .execute(async (db) => {
          const { rows: known } = await sql<{ name: string }>`
            select attname as name from pg_attribute
            where attrelid = to_regclass(${parts.map(quoteName).join('.')}) and attnum > 0 and not attisdropped
            order by attnum`.execute(db)
          if (known.length === 0)
            throw new ConfigInvalid(
              `There is no table or view ${table} in the warehouse at ${nameWarehouse(options.connectionString)}.`,
              'Name it with its schema, as in --table marketing.judgements; capitals count.',
            )
          const columns = known.map(({ name }) => name)
          const read = wanted.filter((name) => columns.includes(name))
          if (read.length === 0) return { columns, rows: [] }
          const texts = read.map((name) => sql`${sql.id(name)}::text as ${sql.id(name)}`)
          const { rows } = await sql<TextTable['rows'][number]>`
            select ${sql.join(texts)} from ${sql.id(...parts)}
            order by ${sql.join(read.map((_, at) => sql.raw(String(at + 1))))} limit ${most}`.execute(db)
          return { columns, rows }
        }),
    )
  } finally {
    await pool.close()
  }
}
