import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makePostgresReader } from '../../src/adapters/postgres-source/postgres-reader.ts'
import { source } from '../../src/stages/extract/config.ts'
import { useStack } from '../use-stack.ts'

const schema = `reader_parts_${process.pid}`
const rowCount = 300_000
const engine = makeDuckDbEngine({ threads: 1 })

let connectionUrl: string
let client: Client
let folder: string
beforeAll(async () => {
  connectionUrl = (await useStack()).environment.secret('WAREHOUSE_URL')
  folder = await mkdtemp(join(tmpdir(), 'resegment-parts-'))
  client = new Client({ connectionString: connectionUrl })
  await client.connect()
  // 42 MB, in two parts; then rows that are gone, moved to the end, or in a table that inherits, and new ones in the middle.
  await client.query(`
    CREATE SCHEMA ${schema};
    CREATE TABLE ${schema}.lines AS SELECT i AS id, timestamptz '2026-01-01 00:00Z' + i * interval '1 second' AS at, repeat('x', 100) || i AS note FROM generate_series(1, ${rowCount}) i;
    CREATE TABLE ${schema}.more () INHERITS (${schema}.lines);
    INSERT INTO ${schema}.more SELECT -i, null, E'a\\nb,"c"' FROM generate_series(1, 100) i;
    DELETE FROM ${schema}.lines WHERE id BETWEEN 100000 AND 140000;
    UPDATE ${schema}.lines SET note = 'moved' WHERE id % 1000 = 0`)
  await client.query(`VACUUM ${schema}.lines`)
  await client.query(`INSERT INTO ${schema}.lines SELECT i, now(), 'new' FROM generate_series(1000000, 1010000) i`)
})
afterAll(async () => {
  await client.query(`DROP SCHEMA ${schema} CASCADE`)
  await client.end()
  await rm(folder, { recursive: true, force: true })
})

const FIGURES = `count(*)::int AS n, count(DISTINCT id)::int AS ids, sum(id)::text AS total, sum(length(note))::text AS characters`

/** What a reader gives of a source, and into how many files it was copied. */
async function readFrom(from: object, maxParallel: number, asOf: string | null) {
  const scratchPath = await mkdtemp(join(folder, 'scratch-'))
  const session = await engine.open({ scratchPath })
  const view = await makePostgresReader({ connectionUrl, connectionName: 'shop', maxParallel }).open()
  try {
    const given = source.parse({ from: { connection: 'shop', ...from }, columns: { occurred_at: 'at' } })
    const done: number[] = []
    const opened = await view.read(
      session,
      { source: given, sourceName: 'lines', usedColumns: ['id', 'at', 'note'], asOf, scratchPath },
      (rows) => done.push(rows),
    )
    const [row] = await session.rows(`SELECT ${FIGURES} FROM ${opened.relation}`)
    const files = (await readdir(scratchPath)).filter((name) => name.endsWith('.csv')).length
    return { row: row!, delivered: opened.deliveredRows, files, done }
  } finally {
    await view.close()
    await session.close()
  }
}

describe('a large table', () => {
  // What is read is compared with what Postgres itself says of the same rows.
  it.each([1, 2, 3])('is read in parts that have each row once, through %i connections', async (maxParallel) => {
    const { rows } = await client.query<{ n: number }>(`SELECT ${FIGURES} FROM ${schema}.lines`)
    const read = await readFrom({ table: `${schema}.lines` }, maxParallel, null)
    expect(read.row).toEqual(rows[0])
    expect(read.delivered).toBe(rows[0]!.n)
    expect(read.files).toBe(2)
  })

  it('is read in parts without the rows after the as-of', async () => {
    const asOf = '2026-01-03T00:00:00.000Z'
    const { rows } = await client.query(`SELECT ${FIGURES} FROM ${schema}.lines WHERE at < '${asOf}' OR at IS NULL`)
    expect((await readFrom({ table: `${schema}.lines` }, 2, asOf)).row).toEqual(rows[0])
  })

  it('tells its progress as one', async () => {
    const { done, delivered } = await readFrom({ table: `${schema}.lines` }, 2, null)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    // The length of rows is estimated from the first ones.
    expect(Math.abs(done.at(-1)! - delivered!)).toBeLessThan(delivered! / 5)
  })

  it('is read in one piece where its rows have no place: a query, a view', async () => {
    await client.query(`CREATE VIEW ${schema}.seen AS SELECT * FROM ${schema}.lines`)
    const { rows } = await client.query(`SELECT ${FIGURES} FROM ${schema}.lines`)
    for (const from of [{ table: `${schema}.seen` }, { query: `SELECT * FROM ${schema}.lines` }])
      expect(await readFrom(from, 2, null)).toMatchObject({ row: rows[0], files: 1 })
  })
})
