import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import { expectEverybodyOnce } from '../e2e/everybody-once.ts'
import { openPipelines } from '../e2e/public-pipelines.ts'
import type { TestProject } from '../e2e/project.ts'
import { expectTransitionsToSum, population, type Population } from '../e2e/transition-sums.ts'
import { blocksOf } from './blocks.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const RETAIL = resolve(ROOT, '../shared/data/online_retail/online_retail_2010_2011.csv.gz')
const GUIDE = readFileSync(join(ROOT, 'docs/guides/questions.md'), 'utf8')
const QUARTERS = ['2011-03-01', '2011-06-01', '2011-09-01', '2011-12-01']
if (!existsSync(RETAIL)) console.warn('skipped: the public data sets are not beside the repository (../shared/data)')

/** Values published for the UCI set Online Retail (Chen, Sain & Guo 2012, doi 10.1057/dbm.2012.17). */
const PUBLISHED = { rows: 541_909, withoutCustomer: 135_080, cancellationLines: 9_288, duplicates: 5_268 }
/** Not cancelled, quantity > 0, price > 0, customer known, exact duplicates dropped. */
const CLEAN = { lines: 392_692, customers: 4_338 }

/** Heading → its query. */
const questions = GUIDE.split(/^### /m)
  .slice(1)
  .map((section) => ({ question: section.split('\n')[0]!, sql: blocksOf(section).map(({ text }) => text) }))

type Row = Readonly<Record<string, unknown>>

describe.skipIf(!existsSync(RETAIL))('four published quarters of Online Retail', () => {
  let project: TestProject
  const quarters: { readonly run: RunStatus; readonly live: Population }[] = []
  const ask = async (question: string): Promise<Row[]> => {
    const { sql } = questions.find((one) => one.question.startsWith(`${question}.`))!
    return project.sql<Row>(sql[0]!.replaceAll('segmentation.', `${project.schema}.`))
  }

  beforeAll(async () => {
    project = await openPipelines('questions')
    const pipeline = 'pipelines/online_retail.yaml'
    // In the first three months more lines are without a customer than in the year.
    project.write(pipeline, project.read(pipeline).replace('maxShare: 0.3 }', 'maxShare: 0.4 }'))
    await project.startWorker()
    await loadOrders(project.variables.WAREHOUSE_URL!)
    for (const asOf of QUARTERS) {
      const run = await project.run(['online_retail', '--as-of', asOf])
      expect(run.status).toBe('published')
      quarters.push({ run, live: await population(project) })
    }
  })
  afterAll(() => project?.close())

  it('answer twenty questions, each with one query', () => {
    expect(questions.map(({ sql }) => sql.length)).toEqual(Array(20).fill(1))
  })

  it.each(questions)('$question', async ({ question }) => {
    const rows = await ask(question.split('.')[0]!)
    expect(rows.length).toBeGreaterThan(0)
  })

  it('answer them so that the answers agree', async () => {
    const total = (rows: readonly Row[], column = 'customers'): number =>
      rows.reduce((sum, row) => sum + Number(row[column]), 0)
    const everybody = total(await ask('2'))
    const [sizes, transitions, shown, paths] = [await ask('13'), await ask('10'), await ask('15'), await ask('19')]
    const now = sizes.filter(({ period }) => period === sizes.at(-1)!.period)
    expect(total(now)).toBe(everybody)
    expect(total(transitions.filter((row) => row.to_segment !== 'lost'))).toBe(everybody)
    expect(shown).toHaveLength(everybody)
    expect(total(paths)).toBeLessThanOrEqual(everybody)
    // The clean customers of all that was ordered before 1 December 2011: counted from the file by DuckDB, below.
    expect(everybody).toBe(await customersBefore('2011-12-01'))
  })

  it('have transitions that sum to both populations', async () => {
    const [september, december] = quarters.slice(-2)
    await expectTransitionsToSum(project, 'online_retail', december!.run, september!.live, december!.live)
  })

  it('and the file as it was published give the published cleansing counts, and every customer once', async () => {
    const december = quarters.at(-1)
    const whole = await project.run(['online_retail', '--as-of', '2011-12-10'])
    const [extract, cleanse] = whole.stages
    expect(extract!.rowsOut).toBe(PUBLISHED.rows)
    expect(cleanse).toMatchObject({
      rowsIn: PUBLISHED.rows,
      rowsOut: CLEAN.lines,
      rejected: PUBLISHED.rows - CLEAN.lines,
    })
    const quality = await project.sql<{ rule: string; matched: string }>(
      'select rule, matched from data_quality where run_key = $1 and rule is not null',
      [whole.runKey],
    )
    const matched = Object.fromEntries(quality.map(({ rule, matched }) => [rule, Number(matched)]))
    expect(matched).toMatchObject({
      required: PUBLISHED.withoutCustomer,
      cancellations: PUBLISHED.cancellationLines,
      duplicates: PUBLISHED.duplicates,
    })
    await expectEverybodyOnce(project, 'online_retail', CLEAN.customers)
    // k-means: it was compared with the quarter before, and is not live any more.
    const verified = await project.cli(['verify', december!.run.runKey])
    expect(verified, verified.stdout).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('~1: equal') as string,
    })
  })
})

/** As the pipeline cleanses them: customer known, not cancelled, quantity and price above 0, exact duplicates dropped. */
const CLEAN_LINES = `SELECT DISTINCT InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
FROM read_csv('${RETAIL}', all_varchar = true)
WHERE CustomerID <> '' AND InvoiceNo NOT LIKE 'C%' AND CAST(Quantity AS INTEGER) > 0 AND CAST(UnitPrice AS DECIMAL(18, 4)) > 0`

async function fromFile(query: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(query)).getRowObjects()
  connection.closeSync()
  instance.closeSync()
  return rows as Row[]
}

async function customersBefore(date: string): Promise<number> {
  const [counted] = await fromFile(
    `SELECT count(DISTINCT CustomerID) AS customers FROM (${CLEAN_LINES}) WHERE CAST(InvoiceDate AS TIMESTAMP) < '${date}'`,
  )
  return Number(counted!.customers)
}

async function loadOrders(connectionString: string): Promise<void> {
  const orders = await fromFile(
    `SELECT InvoiceNo AS order_id, CustomerID AS customer_id, min(InvoiceDate) || ' Europe/London' AS ordered_at,
       CAST(sum(CAST(Quantity AS INTEGER) * CAST(UnitPrice AS DECIMAL(18, 4))) AS VARCHAR) AS revenue
     FROM (${CLEAN_LINES}) GROUP BY ALL`,
  )
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('create schema if not exists sales')
    await client.query('drop table if exists sales.orders')
    await client.query(
      'create table sales.orders (order_id text primary key, customer_id text not null, ordered_at timestamptz not null, revenue numeric(18, 4) not null)',
    )
    await client.query(
      'insert into sales.orders select a, b, c::timestamptz, d::numeric from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t(a, b, c, d)',
      ['order_id', 'customer_id', 'ordered_at', 'revenue'].map((column) => orders.map((row) => row[column])),
    )
    await client.query('analyze sales.orders')
  } finally {
    await client.end()
  }
}
