import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import type { OpenedSource, ReadRequest } from '../../src/ports/source-reader.ts'
import { source, type Source } from '../../src/stages/extract/config.ts'
import { useStack } from '../use-stack.ts'
import { contractRows, describeSourceReader } from './source-reader.contract.ts'

const schema = `reader_test_${process.pid}`
const fromTable = (table: string, occurredAt = 'at'): Source =>
  source.parse({
    from: { connection: 'warehouse', table },
    columns: { occurred_at: occurredAt },
    timezone: 'Pacific/Auckland',
  })
const fromQuery = (query: string): Source => source.parse({ from: { connection: 'warehouse', query }, columns: {} })
const reader = (connectionUrl: string) => makePostgresReader({ connectionUrl, connectionName: 'warehouse' })
const readOnce = async (session: ComputeSession, request: ReadRequest): Promise<OpenedSource> => {
  const view = await reader(connectionUrl).open()
  try {
    return await view.read(session, request, () => undefined)
  } finally {
    await view.close()
  }
}

let connectionUrl: string
let client: Client

beforeAll(async () => {
  connectionUrl = (await useStack()).environment.secret('WAREHOUSE_URL')
  client = new Client({ connectionString: connectionUrl })
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`)
  await client.query(`CREATE TABLE ${schema}.lines (id text, at timestamptz, price numeric(9, 2), note text)`)
  await client.query("SET TimeZone = 'UTC'")
  for (const row of contractRows)
    await client.query(`INSERT INTO ${schema}.lines VALUES ($1, $2, $3, $4)`, Object.values(row))
})
afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`)
  await client.end()
})

describeSourceReader('Postgres table', {
  goneType: 'SourceSchemaChanged',
  open: () =>
    Promise.resolve({
      reader: reader(connectionUrl),
      source: fromTable(`${schema}.lines`),
      gone: fromTable(`${schema}.linez`),
    }),
})
describeSourceReader('Postgres query', {
  goneType: 'SourceSchemaChanged',
  open: () =>
    Promise.resolve({
      reader: reader(connectionUrl),
      source: fromQuery(`SELECT * FROM ${schema}.lines; -- all of them`.replace(';', '')),
      gone: fromQuery(`SELECT nothing FROM ${schema}.lines`),
    }),
})

describe('Postgres reader', () => {
  const engine = makeDuckDbEngine({ threads: 1 })
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resegment-pg-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const rowsOf = async (given: Source, usedColumns: readonly string[], asOf = '2040-01-01T00:00:00Z') => {
    const scratchPath = await mkdtemp(join(folder, 'scratch-'))
    const session = await engine.open({ scratchPath })
    try {
      const request = { source: given, sourceName: 'lines', usedColumns, asOf, scratchPath }
      const opened = await readOnce(session, request)
      return { ...opened, rows: await session.rows(`SELECT * FROM ${opened.relation}`), scratchPath }
    } finally {
      await session.close()
    }
  }

  it('gives each type its relative in the engine, and numbers of no declared scale as text', async () => {
    const { columns, rows } = await rowsOf(
      fromQuery(`SELECT 1::int2 AS a, 2::int8 AS b, 1.5::numeric(12, 3) AS c, 123456789012345678901234567890.5::numeric AS d, 'NaN'::numeric AS e,
          0.1::float8 AS f, true AS g, date '2026-10-01' AS h, timestamp '2026-10-01 06:00' AS i, timestamptz '2026-10-01 06:00+02' AS j,
          'x'::char(3) AS k, '{"a": 1}'::jsonb AS l, ARRAY[1, 2] AS m, '5e1f1f9e-0000-4000-8000-000000000000'::uuid AS n, 1::numeric(3, -2) AS o`),
      [...'abcdefghijklmno'],
    )
    expect(columns).toEqual({
      ...{
        a: 'BIGINT',
        b: 'BIGINT',
        c: 'DECIMAL(12,3)',
        d: 'NUMERIC',
        e: 'NUMERIC',
        f: 'DOUBLE',
        g: 'BOOLEAN',
        h: 'DATE',
      },
      ...{
        i: 'TIMESTAMP',
        j: 'TIMESTAMP WITH TIME ZONE',
        k: 'VARCHAR',
        l: 'VARCHAR',
        m: 'VARCHAR',
        n: 'VARCHAR',
        o: 'NUMERIC',
      },
    })
    expect(rows[0]).toMatchObject({
      c: 1.5,
      d: '123456789012345678901234567890.5',
      e: 'NaN',
      f: 0.1,
      g: true,
      h: '2026-10-01',
    })
    expect(rows[0]).toMatchObject({
      i: '2026-10-01 06:00:00',
      j: '2026-10-01 04:00:00+00',
      l: '{"a": 1}',
      m: '{1,2}',
    })
  })

  it.each([['x'], ['x', 'y']])(
    'tells NULL from an empty text and from what stands for NULL on the way',
    async (...used) => {
      const { rows, deliveredRows } = await rowsOf(
        fromQuery(String.raw`SELECT x, x AS y FROM (VALUES (NULL), (''), ('\N'), ('"'), (E'a\r\nb')) t(x)`),
        used,
      )
      expect(rows.map((row) => row[used.at(-1)!])).toEqual([null, '', '\\N', '"', 'a\r\nb'])
      expect(deliveredRows).toBe(5)
    },
  )

  it('lets only used columns leave the database', async () => {
    const { scratchPath } = await rowsOf(fromTable(`${schema}.lines`), ['id'])
    const [file] = (await readdir(scratchPath)).filter((name) => name.endsWith('.csv'))
    expect(await readFile(join(scratchPath, file!), 'utf8')).toBe('"ann"\n"bob"\n\\N\n"böb "\n')
  })

  it.each([
    ['timestamptz', ['2026-09-30 23:59:59+00', null]],
    // A date without a zone may mean another instant: those near the as-of are left to the engine.
    ['timestamp', ['2026-09-30 23:59:59+00', '2026-10-01 00:00:00+00', '2026-10-02 12:00:00+00', null]],
    ['date', ['2026-09-30 00:00:00+00', '2026-10-01 00:00:00+00', '2026-10-02 00:00:00+00', null]],
  ])('leaves later rows of a %s at the source, never one that counts or has no date', async (type, kept) => {
    const table = `${schema}.dated_${type}`
    await client.query(`CREATE TABLE ${table} AS SELECT x::${type} AS at FROM unnest(ARRAY['2026-09-30 23:59:59+00', '2026-10-01 00:00:00+00',
        '2026-10-02 12:00:00+00', '2026-12-01 00:00:00+00', 'infinity', NULL]::timestamptz[]) x`)
    const { rows } = await rowsOf(fromTable(table), ['at'], '2026-10-01T00:00:00Z')
    expect(
      rows.map((row) =>
        row.at === null ? null : Date.parse(`${String(row.at).slice(0, 19)}${type === 'date' ? '' : 'Z'}`),
      ),
    ).toEqual(kept.map((text) => (text === null ? null : Date.parse(text))))
  })

  it('quotes names, whatever they hold', async () => {
    await client.query(`CREATE TABLE ${schema}."Order.Lines" ("Unit ""Price""" int, "select" int)`)
    await client.query(`INSERT INTO ${schema}."Order.Lines" VALUES (1, 2)`)
    const { rows } = await rowsOf(fromTable(`${schema}."Order.Lines"`), ['Unit "Price"', 'select'])
    expect(rows).toEqual([{ 'Unit "Price"': 1, select: 2 }])
  })

  it('names the nearest table when one is gone', async () => {
    await expect(reader(connectionUrl).describe(fromTable(`${schema}.linse`), 'lines')).rejects.toMatchObject({
      type: 'SourceSchemaChanged',
      message: expect.stringContaining(`Did you mean ${schema}.lines?`) as string,
    })
  })

  it('calls a query that cannot run a fault of the definition', async () => {
    await expect(reader(connectionUrl).describe(fromQuery('SELECT FROM WHERE'), 'lines')).rejects.toMatchObject({
      type: 'ConfigInvalid',
      message: expect.stringContaining('syntax error') as string,
    })
  })

  it('cannot write, whatever the query says', async () => {
    const query = `WITH gone AS (DELETE FROM ${schema}.lines RETURNING *) SELECT * FROM gone`
    await expect(rowsOf(fromQuery(query), ['id'])).rejects.toMatchObject({ type: 'ConfigInvalid' })
    expect((await client.query(`SELECT 1 FROM ${schema}.lines`)).rowCount).toBe(contractRows.length)
  })

  it('asks for a grant when reading is not allowed', async () => {
    const role = `${schema}_stranger`
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p4ss'`)
    try {
      const url = new URL(connectionUrl)
      url.username = role
      url.password = 'p4ss'
      await expect(reader(url.href).describe(fromTable(`${schema}.lines`), 'lines')).rejects.toMatchObject({
        type: 'PermissionDenied',
        remedy: expect.stringContaining('Grant SELECT') as string,
      })
      url.password = 'wr0ng'
      const failure: unknown = await reader(url.href)
        .describe(fromTable(`${schema}.lines`), 'lines')
        .catch((e: unknown) => e)
      expect(String(failure)).not.toContain('wr0ng')
    } finally {
      await client.query(`DROP ROLE ${role}`)
    }
  })

  it('stops when it is aborted', async () => {
    const scratchPath = await mkdtemp(join(folder, 'scratch-'))
    const session = await engine.open({ scratchPath })
    const request = {
      source: fromQuery('SELECT i FROM generate_series(1, 100000000) i'),
      sourceName: 'lines',
      usedColumns: ['i'],
      asOf: '2026-10-01T00:00:00Z',
      scratchPath,
      signal: AbortSignal.timeout(200),
    }
    const startedMs = performance.now()
    await expect(readOnce(session, request)).rejects.toThrow()
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    await session.close()
  })
})
