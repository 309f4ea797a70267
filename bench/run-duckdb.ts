// node bench/run-duckdb.ts WORK FOLDER [SQL PARQUET]: DuckDB without us, of the same version and with its own defaults, as a line of JSON.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { quoteText } from '../src/sql/sql-text.ts'
import { figuresOf } from './feature-figures.ts'
import { AS_OF } from './order-lines.ts'

const DUMPED_COLUMNS = `{customer_id: 'BIGINT', occurred_at: 'TIMESTAMPTZ', order_id: 'BIGINT', amount: 'DECIMAL(12,2)', category: 'VARCHAR', channel: 'VARCHAR'}`
/** As the artifact is ordered. */
const ORDER =
  'md5_number_lower(cast(customer_id as varchar)) % 256, customer_id, occurred_at, order_id, amount, category'

const [work, folder, sqlFile, parquetFile] = process.argv.slice(2) as [string, string, string, string]
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run("set timezone = 'UTC'")
const dumped = join(folder, 'dumped.csv')
const written = join(folder, `duckdb-${work}.parquet`)
const parts: Record<string, number> = {}
let cpuSeconds = 0
let rssMb = 0
const check = await run()
rmSync(written)
const seconds = Object.values(parts).reduce((sum, part) => sum + part, 0)
rssMb = Math.max(rssMb, Math.round(process.resourceUsage().maxRSS / 1024))
console.log(JSON.stringify({ seconds, cpuSeconds, rssMb, ...(Object.keys(parts).length > 1 ? { parts } : {}), check }))

async function run(): Promise<Record<string, number> | undefined> {
  const lines = `select * from read_csv(${quoteText(dumped)}, header = false, auto_detect = false, columns = ${DUMPED_COLUMNS})`
  switch (work) {
    case 'dump':
      dump()
      return copy(lines)
    case 'dump-ordered':
      dump()
      return copy(`${lines} order by ${ORDER}`)
    case 'query':
      await connection.run(`create view transactions as from read_parquet(${quoteText(parquetFile)})`)
      await copy(readFileSync(sqlFile, 'utf8'))
      return figures()
    default:
      throw new Error(`There is no work ${work} here.`)
  }
}

/** GNU time says what psql used of CPU and memory; without it only its seconds count. */
function dump(): void {
  const query = `select customer_id, ordered_at, order_id, amount, category, channel from order_lines where ordered_at < timestamptz '${AS_OF}'`
  const psql = ['psql', '-qX', process.env.WAREHOUSE_URL!, '-c', `\\copy (${query}) to '${dumped}' (format csv)`]
  const measured = join(folder, 'psql.time')
  const [program, ...args] = ['/usr/bin/time', '-f', '%U %S %M', '-o', measured, ...psql]
  const began = performance.now()
  execFileSync(program!, args, { env: { ...process.env, PGTZ: 'UTC' } })
  parts.psql = (performance.now() - began) / 1000
  const [user, system, kilobytes] = readFileSync(measured, 'utf8').trim().split(' ').map(Number)
  cpuSeconds += user! + system!
  rssMb = Math.round(kilobytes! / 1024)
}

async function copy(query: string): Promise<undefined> {
  const began = performance.now()
  const before = process.cpuUsage()
  await connection.run(`copy (${query}) to ${quoteText(written)} (format parquet, compression zstd)`)
  parts.DuckDB = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  cpuSeconds += (user + system) / 1e6
}

async function figures(): Promise<Record<string, number>> {
  const reader = await connection.runAndReadAll(figuresOf(`read_parquet(${quoteText(written)})`))
  return reader.getRowObjects()[0] as Record<string, number>
}
