import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import { SourceCountDiffers } from '../../src/errors/source-count-differs.ts'
import type { SourceView } from '../../src/ports/source-reader.ts'
import { source, type Source } from '../../src/stages/extract/config.ts'
import { useStack } from '../use-stack.ts'

const schema = `reader_count_${process.pid}`
const rowCount = 150_000
const engine = makeDuckDbEngine({ threads: 1 })
const fromTable = (table: string): Source =>
  source.parse({ from: { connection: 'shop', table: `${schema}.${table}` }, columns: {} })

let connectionUrl: string
let client: Client
let folder: string
beforeAll(async () => {
  connectionUrl = (await useStack()).environment.secret('WAREHOUSE_URL')
  folder = await mkdtemp(join(tmpdir(), 'resegment-count-'))
  client = new Client({ connectionString: connectionUrl })
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`)
  await client.query(
    `CREATE TABLE ${schema}.lines AS SELECT i AS id, repeat('x', 100) || i AS note FROM generate_series(1, ${rowCount}) i`,
  )
})
afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`)
  await client.end()
  await rm(folder, { recursive: true, force: true })
})

let views: SourceView[] = []
const viewOf = async (maxParallel = 2): Promise<SourceView> => {
  const view = await makePostgresReader({ connectionUrl, connectionName: 'shop', maxParallel }).open()
  views.push(view)
  return view
}
// A view that stays open holds locks, for which the end of the tests would wait.
afterEach(async () => {
  await Promise.all(views.map((view) => view.close()))
  views = []
})

async function countOf(view: SourceView, given: Source, onProgress: () => void = () => undefined): Promise<number> {
  const scratchPath = await mkdtemp(join(folder, 'scratch-'))
  const session = await engine.open({ scratchPath })
  try {
    const usedColumns = Object.keys(await view.describe(given, 'lines'))
    const request = { source: given, sourceName: 'lines', usedColumns, asOf: null, scratchPath }
    return (await view.read(session, request, onProgress)).deliveredRows!
  } finally {
    await session.close()
  }
}

describe('the number of rows', () => {
  const half = { connection: 'shop', query: `SELECT * FROM ${schema}.lines WHERE random() < 0.5` }

  it.each([1, 2])('is counted once more in the same snapshot, through %i connections', async (maxParallel) => {
    const view = await viewOf(maxParallel)
    // Two different halves of 150,000 rows are equally many once in 500 times; three times, never.
    const failures = await Promise.all(
      [1, 2, 3].map(() => countOf(view, source.parse({ from: half, columns: {} })).catch((error: unknown) => error)),
    )
    const [failure] = failures.filter((one) => one instanceof SourceCountDiffers)
    expect(failure).toMatchObject({ type: 'SourceCountDiffers', retry: 'try-again' })
    const [delivered, counted] = [.../(\d+) rows, and the server counts (\d+)/.exec(failure!.message)!]
      .slice(1)
      .map(Number)
    expect(delivered).not.toBe(counted)
    for (const count of [delivered, counted]) expect(Math.abs(count! - rowCount / 2)).toBeLessThan(rowCount / 20)
    expect(failure!.message).toContain('sources.lines.verifyCount')
    // The view goes on.
    expect(await countOf(view, fromTable('lines'))).toBe(rowCount)
  })

  it('is not counted where the source says so', async () => {
    const view = await viewOf()
    const given = source.parse({ from: half, columns: {}, verifyCount: false })
    expect(await countOf(view, given)).toBeGreaterThan(0)
  })

  it('stays that of the snapshot while others write', async () => {
    await client.query(`CREATE TABLE ${schema}.growing AS SELECT i AS x FROM generate_series(1, 100000) i`)
    const view = await viewOf(1)
    let written: Promise<unknown> | undefined
    const write = (): void => void (written ??= client.query(`INSERT INTO ${schema}.growing VALUES (0)`))
    expect(await countOf(view, fromTable('growing'), write)).toBe(100_000)
    expect(written).toBeDefined()
    await written
  })
})
