// node bench/run-publish.ts new|moved|back|psql FOLDER CUSTOMERS: one publication into the warehouse at WAREHOUSE_URL, as a line of JSON.
// `new` begins with an empty schema, `moved` goes on from what it left, `back` undoes that, `psql` copies the rows that `new` published.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { makeDuckDbEngine } from '../src/adapters/duckdb/engine.ts'
import { migrate } from '../src/adapters/warehouse/migrate.ts'
import { makeWarehouse } from '../src/adapters/warehouse/warehouse.ts'
import { formatRunId } from '../src/run/run-key.ts'
import { makeCandidate } from './publish-candidate.ts'

const MOVERS_ONE_OF = 10
const COLUMNS = `customer_id text, segment_key text, confidence float8, distance float8, next_segment_key text, is_outlier boolean, is_holdout boolean,
  layer text, reason_1 integer, reason_2 integer, reason_3 integer, pull_1 float8, pull_2 float8, pull_3 float8`

const [work, folder, customers] = process.argv.slice(2) as [string, string, string]
const connectionString = process.env.WAREHOUSE_URL!
const options = { connectionString, schema: 'bench' }
const first = join(folder, 'first.json')
// Where the session may write.
const csv = join(folder, 'scratch/members.csv')
const ways = { new: publish, moved: publish, back: rollBack, psql: copyWithPsql }
console.log(JSON.stringify(await ways[work as keyof typeof ways]()))

async function publish(): Promise<Record<string, unknown>> {
  if (work === 'new') {
    await query('drop schema if exists bench cascade')
    await migrate(options)
  }
  const before =
    work === 'new'
      ? null
      : { ...(JSON.parse(readFileSync(first, 'utf8')) as { runId: string }), moversOneOf: MOVERS_ONE_OF }
  const session = await makeDuckDbEngine({ threads: 2 }).open({ scratchPath: join(folder, 'scratch') })
  const asOf = work === 'new' ? '2026-07-01' : '2026-10-01'
  const candidate = await makeCandidate(session, join(folder, 'scratch'), asOf, Number(customers), before)
  // Earlier work of the server is not this one's.
  await query('checkpoint')
  const warehouse = makeWarehouse(options)
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  await warehouse.publish(session, candidate, () => undefined)
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
  if (work === 'new') {
    writeFileSync(first, JSON.stringify({ runId: formatRunId(candidate.plan) }))
    const listed = COLUMNS.split(',').map((column) => column.trim().split(' ')[0])
    await session.execute(
      `copy (select ${listed.join(', ')} from read_parquet('${candidate.rowFiles[0]!}')) to '${csv}' (format csv, header false)`,
    )
  }
  await Promise.all([warehouse.close(), session.close()])
  return { seconds, cpuSeconds: (user + system) / 1e6, rssMb }
}

async function rollBack(): Promise<Record<string, unknown>> {
  await query('checkpoint')
  const warehouse = makeWarehouse(options)
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const { from, run } = await warehouse.findReturnPoint('shop', undefined)
  await warehouse.rollBack('shop', { from, to: run, by: 'bench', reason: 'bench' })
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  await warehouse.close()
  return { seconds, cpuSeconds: (user + system) / 1e6, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }
}

/** Into a table without a key, which is made afterwards: the fastest order. GNU time says what psql used. */
async function copyWithPsql(): Promise<Record<string, unknown>> {
  await query('drop table if exists members')
  await query('checkpoint')
  const measured = join(folder, 'psql.time')
  const commands = [
    `create table members (${COLUMNS})`,
    `\\copy members from '${csv}' (format csv)`,
    'alter table members add primary key (customer_id)',
  ]
  const psql = ['psql', '-qX', connectionString, ...commands.flatMap((command) => ['-c', command])]
  const startedMs = performance.now()
  execFileSync('/usr/bin/time', ['-f', '%U %S %M', '-o', measured, ...psql])
  const seconds = (performance.now() - startedMs) / 1000
  const [user, system, kilobytes] = readFileSync(measured, 'utf8').trim().split(' ').map(Number)
  return { seconds, cpuSeconds: user! + system!, rssMb: Math.round(kilobytes! / 1024) }
}

async function query(text: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(text)
  await client.end()
}
