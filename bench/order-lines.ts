import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { quoteText } from '../src/sql/sql-text.ts'

/** Everything generated lies before it. */
export const AS_OF = '2026-10-01'
const DAYS = 730
const LINES_AN_ORDER = 2.5

/**
 * Order lines as a shop's table has them, in the order in which they came: two years, few customers with many orders, one to four lines an
 * order, one line of a hundred a return, one of five hundred without a customer, one of a thousand there twice.
 */
function linesSql(lineCount: number, customerCount: number): string {
  const orders = Math.ceil(lineCount / LINES_AN_ORDER)
  const share = (salt: number, of: string): string => `(hash(${of} * 64 + ${salt}) % 1000000007) / 1000000007e0`
  const instant = `timestamp '${AS_OF} 00:00:00' - to_days(${DAYS}) + to_microseconds(cast((o + ${share(1, 'o')}) / ${orders} * ${DAYS} * 86400e3 as bigint) * 1000)`
  const line = '(o * 4 + l)'
  return `
    with orders as (select range as o from range(${orders})),
    lines as (
      select o, unnest(range(1 + o % 4)) as l,
        1 + cast(floor(${customerCount} * pow(${share(2, 'o')}, 2)) as bigint) as customer_id, ${instant} as ordered_at
      from orders
    )
    select case when hash(${line} * 64 + 9) % 500 > 0 then customer_id end as customer_id, ordered_at, o as order_id,
      cast(case when hash(${line} * 64 + 3) % 100 = 0 then -1 else 1 end * (2 + 198 * pow(${share(4, line)}, 3)) as decimal(12, 2)) as amount,
      'category ' || cast(floor(24 * pow(${share(5, line)}, 2)) as integer) as category,
      ['web', 'web', 'web', 'web', 'web', 'app', 'app', 'app', 'store', 'phone'][1 + cast(hash(o * 64 + 6) % 10 as integer)] as channel
    from lines, unnest(range(case when hash(${line} * 64 + 7) % 1000 = 0 then 2 else 1 end)) as copies(copy)`
}

/** Writes order lines as Parquet. */
export async function writeOrderLines(path: string, lineCount: number, customerCount: number): Promise<void> {
  await inDuckDb(
    `copy (${linesSql(lineCount, customerCount)}) to ${quoteText(path)} (format parquet, compression zstd)`,
  )
}

/** Clean lines as a script would keep them: ids whole numbers, money floating. */
export async function writeNumbers(clean: string, path: string): Promise<void> {
  await inDuckDb(
    `copy (select cast(customer_id as bigint) as customer_id, cast(order_id as bigint) as order_id, occurred_at, cast(amount as double) as amount, category, channel, is_return
     from read_parquet(${quoteText(clean)})) to ${quoteText(path)} (format parquet, compression zstd)`,
  )
}

/** Makes table `order_lines` of a Parquet file. */
export async function loadOrderLines(connectionString: string, path: string): Promise<void> {
  const csv = `${path}.csv`
  await inDuckDb(`copy (from ${quoteText(path)}) to ${quoteText(csv)} (format csv, header false)`)
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query("set timezone = 'UTC'")
    await client.query(
      'create table order_lines (customer_id bigint, ordered_at timestamptz, order_id bigint, amount numeric(12, 2), category text, channel text)',
    )
    await pipeline(createReadStream(csv), client.query(copyFrom('copy order_lines from stdin (format csv)')))
    // Later reads would otherwise pay for marking the rows as committed.
    await client.query('vacuum (analyze) order_lines')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

async function inDuckDb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
}
