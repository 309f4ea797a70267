import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import type { SnapshotOptions } from '../../src/adapters/postgres-source/snapshot.ts'
import type { SourceView } from '../../src/ports/source-reader.ts'
import { source, type Source } from '../../src/stages/extract/config.ts'
import { useStack } from '../use-stack.ts'

const schema = `reader_faults_${process.pid}`
const rowCount = 150_000
const engine = makeDuckDbEngine({ threads: 1 })
const fromTable = (table: string, rest: object = {}): Source =>
  source.parse({ from: { connection: 'shop', table: `${schema}.${table}` }, columns: {}, ...rest })
const lines = fromTable('lines')

let connectionUrl: string
let client: Client
let folder: string

beforeAll(async () => {
  const url = new URL((await useStack()).environment.secret('WAREHOUSE_URL'))
  // Other test files read at the same time.
  url.searchParams.set('application_name', schema)
  connectionUrl = url.href
  folder = await mkdtemp(join(tmpdir(), 'resegment-faults-'))
  url.searchParams.delete('application_name')
  client = new Client({ connectionString: url.href })
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
const viewOf = async (options: Partial<SnapshotOptions> = {}): Promise<SourceView> => {
  const view = await makePostgresReader({ connectionUrl, connectionName: 'shop', ...options }).open()
  views.push(view)
  return view
}
// A view that stays open holds locks, for which the end of the tests would wait.
afterEach(async () => {
  await Promise.all(views.map((view) => view.close()))
  views = []
})

/** Rows and a fingerprint of them that does not depend on their order. */
async function readFrom(view: SourceView, given: Source, onProgress: (rows: number) => void = () => undefined) {
  const scratchPath = await mkdtemp(join(folder, 'scratch-'))
  const session = await engine.open({ scratchPath })
  try {
    const usedColumns = Object.keys(await view.describe(given, 'lines'))
    const request = { source: given, sourceName: 'lines', usedColumns, asOf: null, scratchPath }
    const opened = await view.read(session, request, onProgress)
    const [row] = await session.rows(
      `SELECT count(*) AS n, CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) AS print FROM ${opened.relation} t`,
    )
    expect(row!.n).toBe(opened.deliveredRows)
    return row!
  } finally {
    await session.close()
  }
}

/** Stands between the reader and the server, and can cut the wire. */
async function openWire(): Promise<{ url: string; server: Server; cut(): void; passed(): number }> {
  const target = new URL(connectionUrl)
  const { hostname, port } = target
  const sockets = new Set<Socket>()
  let bytes = 0
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    far.on('data', (chunk) => (bytes += chunk.length))
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  target.hostname = '127.0.0.1'
  target.port = String((server.address() as AddressInfo).port)
  return {
    url: target.href,
    server,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    passed: () => bytes,
  }
}

describe('a reading that is broken off', () => {
  it.each(['the server ends the connection', 'the wire is cut'])(
    'fails as a connection that is tried again, and then gives what an undisturbed one gives: %s',
    async (how) => {
      const whole = await viewOf()
      const undisturbed = await readFrom(whole, lines)
      expect(undisturbed.n).toBe(rowCount)
      await whole.close()
      const wire = await openWire()
      // The one connection that reads is also the one that holds the snapshot.
      const view = await viewOf({ connectionUrl: wire.url, maxParallel: 1 })
      let broken = false
      const disturb = (rows: number): void => {
        if (broken || rows < rowCount / 10) return
        broken = true
        if (how === 'the wire is cut') wire.cut()
        else
          void client.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${schema}' AND query LIKE 'COPY%'`,
          )
      }
      await expect(readFrom(view, lines, disturb)).rejects.toMatchObject({
        type: 'ConnectionFailed',
        retry: 'try-again',
        message: expect.stringContaining('Source lines') as string,
      })
      // In the middle of the rows, of which each has 100 bytes at least.
      expect(wire.passed()).toBeGreaterThan(rowCount * 10)
      expect(wire.passed()).toBeLessThan(rowCount * 100)
      await expect(readFrom(view, lines)).rejects.toMatchObject({ type: 'ConnectionFailed' })
      await view.close()
      const again = await viewOf({ connectionUrl: wire.url })
      expect(await readFrom(again, lines)).toEqual(undisturbed)
      await again.close()
      wire.server.close()
    },
  )

  it('fails when a statement takes longer than it may, and names the setting', async () => {
    const view = await viewOf({ statementTimeoutMs: 100 })
    const slow = source.parse({
      from: { connection: 'shop', query: 'SELECT pg_sleep(5)::text AS x' },
      columns: {},
    })
    await expect(readFrom(view, slow)).rejects.toMatchObject({
      type: 'ConnectionFailed',
      remedy: expect.stringContaining('connections.shop.statementTimeout') as string,
    })
    // The others go on in the same snapshot.
    expect((await view.sample(lines, 'lines', 3)).rows).toHaveLength(3)
    await view.close()
  })
})

describe('one view of a database', () => {
  it.each([1, 2, 4])('sees one moment through %i connections, whatever is written meanwhile', async (maxParallel) => {
    await client.query(`DROP TABLE IF EXISTS ${schema}.a, ${schema}.b, ${schema}.late`)
    await client.query(`CREATE TABLE ${schema}.a AS SELECT 1 AS x; CREATE TABLE ${schema}.b AS SELECT 1 AS x`)
    const view = await viewOf({ maxParallel })
    expect((await readFrom(view, fromTable('a'))).n).toBe(1)
    await client.query(`INSERT INTO ${schema}.a VALUES (2); INSERT INTO ${schema}.b VALUES (2)`)
    const counts = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((name) => readFrom(view, fromTable(name))))
    expect(counts.map((row) => row.n)).toEqual([1, 1, 1, 1, 1])
    await view.close()
    const later = await viewOf({ maxParallel })
    expect((await readFrom(later, fromTable('b'))).n).toBe(2)
    await later.close()
  })

  it('never holds more connections than it may, and none when it is closed', async () => {
    const name = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = '${schema}'`
    const view = await viewOf({ maxParallel: 2 })
    let most = 0
    const watch = async (): Promise<void> => {
      most = Math.max(most, (await client.query<{ n: number }>(name)).rows[0]!.n)
    }
    let watching: Promise<void> = Promise.resolve()
    let pieces = 0
    const onProgress = (): void => {
      if (pieces++ % 100 === 0) watching = watching.then(watch)
    }
    await Promise.all(Array.from({ length: 5 }, () => readFrom(view, lines, onProgress)))
    await watching
    await watch()
    expect(most).toBe(2)
    await view.close()
    await expect.poll(async () => (await client.query<{ n: number }>(name)).rows[0]!.n, { timeout: 5000 }).toBe(0)
  })

  it('goes on after a source that is not there', async () => {
    const view = await viewOf({ maxParallel: 1 })
    await expect(view.describe(fromTable('linez'), 'linez')).rejects.toMatchObject({ type: 'SourceSchemaChanged' })
    expect((await readFrom(view, lines)).n).toBe(rowCount)
    await view.close()
  })

  it('knows the newest value also of rows that it leaves at the source', async () => {
    await client.query(
      `CREATE TABLE ${schema}.late AS SELECT timestamptz '2026-01-01' + i * interval '1 month' AS at, 'x' AS note FROM generate_series(0, 5) i`,
    )
    const given = fromTable('late', { columns: { occurred_at: 'at' } })
    const view = await viewOf()
    expect(await view.newest(given, 'late', 'at')).toBe('2026-06-01 00:00:00+00')
    expect(await view.newest(given, 'late', 'note')).toBeUndefined()
    await view.close()
  })
})

describe('what is left at the source', () => {
  const asOf = '2026-03-01T00:00:00Z'
  const countOf = async (rest: object): Promise<unknown> => {
    const view = await viewOf()
    const scratchPath = await mkdtemp(join(folder, 'scratch-'))
    const session = await engine.open({ scratchPath })
    const given = fromTable('versions', rest)
    const opened = await view.read(
      session,
      { source: given, sourceName: 'versions', usedColumns: ['id'], asOf, scratchPath },
      () => undefined,
    )
    await session.close()
    await view.close()
    return opened.deliveredRows
  }

  it('is never a row that keeps another one from counting', async () => {
    // Row 1 moved behind the as-of before the as-of; row 2 was recorded after it; row 3 has no date of its own.
    await client.query(`CREATE TABLE ${schema}.versions (id int, at timestamptz, recorded timestamptz)`)
    await client.query(`INSERT INTO ${schema}.versions VALUES (1, '2026-02-01', '2026-02-01'), (1, '2026-04-01', '2026-02-02'),
      (2, '2026-02-01', '2026-03-02'), (3, NULL, '2026-02-01')`)
    const columns = { id: 'id', occurred_at: 'at' }
    expect(await countOf({ columns })).toBe(3)
    expect(await countOf({ columns, recordedAt: { column: 'recorded' } })).toBe(2)
    expect(await countOf({ columns, recordedAt: 'recorded', key: ['id'] })).toBe(3)
    expect(await countOf({ columns, validity: { from: 'at', to: 'recorded' } })).toBe(4)
    expect(await countOf({ columns: { occurred_at: { sql: 'at' } } })).toBe(4)
  })
})
