import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { makeDuckDbEngine } from '../src/adapters/duckdb/engine.ts'
import { migrate } from '../src/adapters/warehouse/migrate.ts'
import { makeWarehouse } from '../src/adapters/warehouse/warehouse.ts'
import { formatRunId } from '../src/run/run-key.ts'
import { machine } from './in-turn.ts'
import { makeCandidate } from './publish-candidate.ts'
import { startWarehouse } from './start-warehouse.ts'

const MOVERS_ONE_OF = 20
const ASKED = 5
const GIB = 2 ** 30
/** Values of eight publications, memberships now and then, and the log of the server: measured. */
const BYTES_A_CUSTOMER = 3_600
const PAST = '2021-08-15'

/** What consumers ask, with about a thousand rows of an answer fetched at most. */
const questions: Readonly<Record<string, string>> = {
  'how many are in a segment': `select count(*) from customer_segments where pipeline = 'shop' and segment_key = 'shop-3'`,
  'a thousand who are in it': `select customer_id, confidence from shop_customers where segment_key = 'shop-3' limit 1000`,
  'where a customer is': `select * from customer_segments where pipeline = 'shop' and customer_id = 'C00001234'`,
  "a customer's history": `select * from customer_segment_history where pipeline = 'shop' and customer_id = 'C00001234' order by valid_from`,
  'where a customer was on a past date': `select segment_key from customer_segment_history where pipeline = 'shop'
    and customer_id = 'C00001234' and valid_from <= '${PAST}' and (valid_to is null or valid_to > '${PAST}')`,
  'how many were in a segment on a past date': `select count(*) from customer_segment_history where pipeline = 'shop'
    and segment_key = 'shop-3' and valid_from <= '${PAST}' and (valid_to is null or valid_to > '${PAST}')`,
}

/**
 * `npm run bench -- history [CUSTOMERS [QUARTERS]]`: quarter after quarter, in each of which one of twenty moves; how long the last publication
 * takes against the second, and what consumers ask then against what they asked first. Ten million customers would need 36 GB of disk.
 */
export async function benchHistory(args: readonly string[]): Promise<boolean> {
  const [customers = 2_000_000, quarters = 20] = args.map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'resegment-history-'))
  const { bavail, bsize } = statfsSync(folder)
  if (customers * BYTES_A_CUSTOMER > bavail * bsize)
    throw new Error(
      `It takes about ${((customers * BYTES_A_CUSTOMER) / GIB).toFixed(0)} GiB of disk, and there is less.`,
    )
  mkdirSync(join(folder, 'scratch'))
  const stack = await startWarehouse(folder)
  const client = new pg.Client({ connectionString: stack.url })
  try {
    await client.connect()
    const { publishSeconds, first, last } = await publishAll(client, folder, stack.url, customers, quarters)
    const size = await client.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')
    console.log(
      `history, ${customers} customers, ${quarters} quarters; ${machine()}; ${(Number(size.rows[0]!.bytes) / GIB).toFixed(1)} GiB\n`,
    )
    console.log(`publications, seconds: ${publishSeconds.map((seconds) => seconds.toFixed(1)).join(' ')}\n`)
    console.log('| asked | ms after the first | after the last |\n|---|---|---|')
    for (const question of Object.keys(questions))
      console.log(`| ${question} | ${first[question]!.toFixed(1)} | ${last[question]!.toFixed(1)} |`)
    return false
  } finally {
    await client.end()
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function publishAll(
  client: pg.Client,
  folder: string,
  connectionString: string,
  customers: number,
  quarters: number,
) {
  const options = { connectionString, schema: 'bench' }
  const scratchPath = join(folder, 'scratch')
  await migrate(options)
  await client.query('set search_path to bench')
  const warehouse = makeWarehouse(options)
  const session = await makeDuckDbEngine({ threads: 2 }).open({ scratchPath })
  const publishSeconds: number[] = []
  let first: Record<string, number> = {}
  let runId = ''
  try {
    for (let quarter = 0; quarter < quarters; quarter++) {
      const asOf = new Date(Date.UTC(2020, 3 * quarter, 1)).toISOString().slice(0, 10)
      const before = quarter === 0 ? null : { runId, moversOneOf: MOVERS_ONE_OF, quarter }
      const candidate = await makeCandidate(session, scratchPath, asOf, customers, before)
      const startedMs = performance.now()
      await warehouse.publish(session, candidate, () => undefined)
      publishSeconds.push((performance.now() - startedMs) / 1000)
      console.error(`bench: ${quarter + 1} of ${quarters}: ${publishSeconds.at(-1)!.toFixed(1)} s`)
      runId = formatRunId(candidate.plan)
      rmSync(candidate.rowFiles[0]!)
      if (quarter === 0) first = await askAll(client)
    }
  } finally {
    await Promise.all([warehouse.close(), session.close()])
  }
  return { publishSeconds, first, last: await askAll(client) }
}

/** @returns median milliseconds of each question */
async function askAll(client: pg.Client): Promise<Record<string, number>> {
  const times: Record<string, number> = {}
  for (const [question, text] of Object.entries(questions)) {
    const asked: number[] = []
    for (let time = 0; time < ASKED; time++) {
      const startedMs = performance.now()
      await client.query(text)
      asked.push(performance.now() - startedMs)
    }
    times[question] = asked.sort((a, b) => a - b)[Math.floor(ASKED / 2)]!
  }
  return times
}
