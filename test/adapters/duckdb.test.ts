import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { addRowDigests, type RowDigest } from '../../src/run/artifact.ts'

let folder: string
let session: ComputeSession

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-duckdb-'))
  session = await makeDuckDbEngine({ threads: 2 }).open({ scratchPath: join(folder, 'own') })
})
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

let files = 0
const digest = async (query: string, orderBy = 'ALL', from = session): Promise<RowDigest> =>
  (await from.writeParquet(query, orderBy, join(folder, 'own', `d${files++}.parquet`))).rows

describe('small results', () => {
  it('gives plain numbers, texts, booleans, lists and objects', async () => {
    const [row] = await session.rows(`
      SELECT CAST(1 AS BIGINT) AS big, CAST(12.5 AS DECIMAL(18, 4)) AS money, sum(3) AS total, TRUE AS yes, NULL AS nothing,
             [1, 2] AS list, {a: CAST(0.5 AS DECIMAL(4, 2))} AS object, DATE '2026-10-01' AS day,
             TIMESTAMP '2026-10-01 06:00:00' AS at, CAST('170141183460469231731687303715884105727' AS HUGEINT) AS huge`)
    expect(row).toEqual({
      big: 1,
      money: 12.5,
      total: 3,
      yes: true,
      nothing: null,
      list: [1, 2],
      object: { a: 0.5 },
      day: '2026-10-01',
      at: '2026-10-01 06:00:00',
      huge: 170141183460469231731687303715884105727n,
    })
  })
})

describe('typed columns', () => {
  it('come back from a table as they went in, over several chunks', async () => {
    const rowCount = 5_000
    const columns = {
      share: Float64Array.from({ length: rowCount }, (_, row) => (row % 7 === 0 ? Number.NaN : row / 3)),
      rank: Int32Array.from({ length: rowCount }, (_, row) => -row),
      name: Array.from({ length: rowCount }, (_, row) => (row % 5 === 0 ? null : `größer als zwölf Zeichen ${row}`)),
    }
    await session.createTable('typed', { rowCount, columns })
    expect(await session.columns('SELECT * FROM typed ORDER BY rank DESC')).toEqual({ rowCount, columns })
  })

  it('gives small integers and floats as the wider arrays, all else as the texts of the engine', async () => {
    const { columns } = await session.columns(
      "SELECT CAST(1 AS TINYINT) AS a, CAST(0.5 AS FLOAT) AS b, CAST(2.5 AS DECIMAL(9, 2)) AS c, TIMESTAMP '2026-10-01' AS d",
    )
    expect(columns).toEqual({ a: Int32Array.of(1), b: Float64Array.of(0.5), c: ['2.50'], d: ['2026-10-01 00:00:00'] })
  })

  it('refuses NULL among integers, since no number can stand for it', async () => {
    await expect(session.columns('SELECT CAST(NULL AS INTEGER) AS rank')).rejects.toThrow('rank holds NULL')
  })
})

describe('fingerprint of rows', () => {
  // Computed with Python's hashlib over bytes written by hand, so that an engine with other sort keys shows: 01 before a value and 02 for
  // NULL; numbers and microseconds big-endian with the sign bit turned, negative doubles with all bits turned; each byte of a text one higher, then 00. First comes, as
  // a text, the start of SHA-256 of the columns, as in [["n","INTEGER"],["t","VARCHAR"]]. Upper is the first half of the MD5 and lower the second, each read as a little-endian number.
  it('is the sum of the halves of MD5 over the sort keys of rows', async () => {
    expect(await digest("SELECT CAST(1 AS INTEGER) AS n, 'a' AS t")).toEqual({
      rowCount: 1,
      lower: '3912167928047839054',
      upper: '2557762015240402543',
    })
    expect(
      await digest(
        "SELECT CAST(-7 AS BIGINT) AS b, CAST(1.5 AS DECIMAL(18, 4)) AS d, TIMESTAMP '1970-01-01 00:00:01' AS i, 'é' AS t, true AS w, CAST(NULL AS VARCHAR) AS n, CAST(-1.5 AS DOUBLE) AS x",
      ),
    ).toEqual({ rowCount: 1, lower: '10631672108373766641', upper: '5466450431954598705' })
  })

  it('counts copies of a row, and is nothing without rows', async () => {
    const [once, twice] = [
      await digest("SELECT 1 AS n, 'a' AS t"),
      await digest("SELECT 1 AS n, 'a' AS t FROM range(2)"),
    ]
    expect(twice).toEqual(addRowDigests([once, once]))
    expect(await digest("SELECT 1 AS n, 'a' AS t WHERE false")).toEqual({ rowCount: 0, lower: '0', upper: '0' })
  })

  it('shows that two rows changed a value for one another, in whichever column', async () => {
    const pairs = Array.from({ length: 200 }, (_, index) => [index, index + 1] as const)
    for (const column of ['a', 'b']) {
      const other = column === 'a' ? 'b' : 'a'
      const rows = pairs.flatMap(([x, y]) => [
        [x, `x${x}`, `y${x}`],
        [x, `x${y}y`, `y${y}y`],
      ])
      const before = rows.map(([n, a, b]) => `(${n}, '${a}', '${b}')`).join(', ')
      const swapped = rows.map(([n, a], index) => `(${n}, '${a}', '${rows[index ^ 1]![2]}')`).join(', ')
      const select = (values: string): string =>
        `SELECT n, ${other}, ${column} FROM (VALUES ${values}) t(n, ${other}, ${column})`
      expect((await digest(select(before))).lower).not.toBe((await digest(select(swapped))).lower)
    }
  })

  it('tells NULL from an empty text, and values from their neighbours', async () => {
    const texts = ["'', NULL", "NULL, ''", "'', ''", 'NULL, NULL', "'ab', 'c'", "'a', 'bc'", "'|', '1'", "'|1', ''"]
    const digests = await Promise.all(texts.map((pair) => digest(`SELECT * FROM (VALUES (${pair})) t(a, b)`)))
    // A column of NULLs alone would have another type.
    const typed = await Promise.all(
      texts.map((pair) =>
        digest(`SELECT CAST(a AS VARCHAR) AS a, CAST(b AS VARCHAR) AS b FROM (VALUES (${pair})) t(a, b)`),
      ),
    )
    expect(new Set(typed.map((one) => one.lower)).size).toBe(texts.length)
    expect(digests).toHaveLength(texts.length)
  })

  it('changes with the name and the type of a column', async () => {
    const digests = await Promise.all(
      ['CAST(1 AS INTEGER) AS a', 'CAST(1 AS INTEGER) AS b', 'CAST(1 AS BIGINT) AS a'].map((one) =>
        digest(`SELECT ${one}`),
      ),
    )
    expect(new Set(digests.map((one) => one.lower)).size).toBe(3)
  })

  it('of a whole is the sum of its parts, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.option(fc.string({ unit: 'grapheme', maxLength: 6 })), fc.integer({ min: 0, max: 3 })), {
          maxLength: 20,
        }),
        async (rows) => {
          await session.execute('DROP TABLE IF EXISTS cut')
          await session.createTable('cut', {
            rowCount: rows.length,
            // Postgres and Parquet hold no NUL either.
            columns: {
              text: rows.map(([text]) => text?.replaceAll('\0', '') ?? null),
              part: Int32Array.from(rows, ([, part]) => part),
            },
          })
          const parts = []
          for (let part = 0; part < 4; part++) parts.push(await digest(`SELECT text FROM cut WHERE part = ${part}`))
          expect(addRowDigests(parts)).toEqual(await digest('SELECT text FROM cut'))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('and the bytes of the file are the same for 1, 2 and 4 threads and shuffled rows', async () => {
    const query = (order: string): string => `
      SELECT CAST(md5_number_lower(CAST(i AS VARCHAR)) % 256 AS INTEGER) AS bucket, 'c' || (i % 9999) AS customer_id,
             CAST(i % 997 / 100 AS DECIMAL(18, 4)) AS amount, i / 7.0 AS share, i
      FROM range(150000) t(i) ORDER BY ${order}`
    const outcomes = await Promise.all(
      [1, 2, 4].flatMap((threads) =>
        ['i', 'hash(i)'].map(async (order, index) => {
          const own = await makeDuckDbEngine({ threads }).open({ scratchPath: join(folder, `t${threads}${index}`) })
          const path = join(folder, `t${threads}${index}`, 'rows.parquet')
          const { rows } = await own.writeParquet(query(order), 'bucket, customer_id, amount, share, i', path)
          await own.close()
          return { rows, bytes: (await readFile(path)).toString('base64') }
        }),
      ),
    )
    const [first] = outcomes
    expect(outcomes.every(({ bytes }) => bytes === first!.bytes)).toBe(true)
    expect(outcomes.map(({ rows }) => rows)).toEqual(outcomes.map(() => first!.rows))
  })
})

describe('what a session may do', () => {
  it('reads its scratch and the folders it was given, nothing else', async () => {
    const [given, other] = [join(folder, 'given.csv'), join(folder, 'own-not', 'x.csv')]
    await writeFile(given, 'a\n1\n')
    await expect(session.rows(`SELECT * FROM read_csv('${given}')`)).rejects.toThrow('Permission Error')
    await expect(session.execute(`COPY (SELECT 1) TO '${other}'`)).rejects.toThrow('Permission Error')
    const reader = await makeDuckDbEngine({ threads: 1 }).open({
      scratchPath: join(folder, 'own'),
      readablePaths: [folder],
    })
    expect(await reader.rows(`SELECT * FROM read_csv('${given}')`)).toEqual([{ a: 1 }])
    await reader.close()
  })

  it('cannot be talked out of its limits', async () => {
    await expect(session.execute('SET enable_external_access = true')).rejects.toThrow()
    await expect(session.execute("SET memory_limit = '100GB'")).rejects.toThrow('locked')
    await expect(session.execute('INSTALL httpfs')).rejects.toThrow()
  })

  it('has time zones, JSON and Parquet built in, and works in UTC', async () => {
    const [row] = await session.rows(`
      SELECT current_setting('TimeZone') AS zone, CAST(timezone('Europe/Berlin', TIMESTAMP '2026-10-01 00:00:00') AS VARCHAR) AS at,
             CAST(json_array(1) AS VARCHAR) AS json`)
    expect(row).toEqual({ zone: 'UTC', at: '2026-09-30 22:00:00+00', json: '[1]' })
  })

  it('stops a running query when it is aborted, with the reason of the abort', async () => {
    const abort = new AbortController()
    const own = await makeDuckDbEngine({ threads: 2 }).open({
      scratchPath: join(folder, 'abort'),
      signal: abort.signal,
    })
    setTimeout(() => abort.abort(new Error('the run was cancelled')), 100)
    const startedMs = performance.now()
    await expect(
      own.rows('SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range % 7 = b.range % 11'),
    ).rejects.toThrow('the run was cancelled')
    await expect(own.rows('SELECT 1')).rejects.toThrow('the run was cancelled')
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    await own.close()
  })
})
