import { copyFileSync, mkdirSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, matchesGlob } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeFileReader } from '../../src/adapters/file-source/file-reader.ts'
import { makeLocatedReader } from '../../src/adapters/source-locations/located-reader.ts'
import type { InputFiles } from '../../src/ports/input-files.ts'
import { source, type Source } from '../../src/stages/extract/config.ts'
import { engine, readAllOf, writeIn } from './file-source/read-file.ts'
import { contractRows, describeSourceReader } from './source-reader.contract.ts'

let folder: string
let fetches: string[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-places-'))
})
beforeEach(() => (fetches = []))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A bucket that is a folder. */
const bucketOf = (bucket: string): InputFiles => ({
  uri: (key) => `s3://${basename(bucket)}/${key}`,
  async list(pattern) {
    const keys = (await readdir(bucket, { recursive: true })).filter((key) => matchesGlob(key, pattern)).toSorted()
    return Promise.all(
      keys.map(async (key) => ({ key, bytes: (await stat(join(bucket, key))).size, etag: 'as it was' })),
    )
  },
  fetchToFile(file, path) {
    fetches.push(file.key)
    copyFileSync(join(bucket, file.key), path)
    return Promise.resolve()
  },
})
const readerOf = (projectFolder: string) =>
  makeLocatedReader({
    files: makeFileReader({ engine, projectFolder, objects: (name) => bucketOf(join(projectFolder, name)) }),
    postgres: () => {
      throw new Error('not asked for')
    },
  })
const given = (from: unknown): Source => source.parse({ from, columns: {} })
const field = (value: string | null): string => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
const csv = (rows: readonly (typeof contractRows)[number][]): string =>
  ['id,at,price,note', ...rows.map((row) => Object.values(row).map(field).join(',')), ''].join('\n')

describeSourceReader('several places: a folder and a bucket', {
  goneType: 'SourceUnreadable',
  open: (_engine, at) => {
    writeIn(at, 'old/lines.csv', csv(contractRows.slice(0, 1)))
    writeIn(at, 'lake/exports/2026/lines.csv.gz', gzipSync(csv(contractRows.slice(1, 3))))
    writeIn(at, 'lake/exports/2026/more.csv', csv(contractRows.slice(3)))
    const from = (file: string) => given([{ file }, { connection: 'lake', file: 'exports/2026/*.csv*' }])
    return Promise.resolve({ reader: readerOf(at), source: from('old/*.csv'), gone: from('new/*.csv') })
  },
})

describe('several places', () => {
  const read = (from: unknown, used?: readonly string[]) => readAllOf(readerOf(folder), folder, given(from), { used })

  it('are one source by the names of their columns, in any order and of any format', async () => {
    writeIn(folder, 'a.csv', 'id,at\n1,x\n')
    writeIn(folder, 'b.tsv', 'at\tnote\tid\ny\tz\t2\n')
    writeIn(folder, 'c.jsonl', '{"id": 3, "at": "w"}\n')
    const { rows, deliveredRows } = await read(
      [{ file: 'a.csv' }, { file: 'b.tsv' }, { file: 'c.jsonl' }],
      ['id', 'at'],
    )
    expect(rows).toEqual([
      { id: '1', at: 'x' },
      { id: '2', at: 'y' },
      { id: '3', at: 'w' },
    ])
    expect(deliveredRows).toBe(3)
  })

  it('keep the records apart that are no rows, each with its file', async () => {
    writeIn(folder, 'd.csv', 'id,at\n1\n2,x\n')
    writeIn(folder, 'e.csv', 'id,at\n3,y\n4,5,6\n')
    const { unreadable } = await read([{ file: 'd.csv' }, { file: 'e.csv' }])
    expect(unreadable.map(({ file, line }) => [file, Number(line)])).toEqual([
      ['d.csv', 2],
      ['e.csv', 3],
    ])
  })

  it('must each have the columns that are used', async () => {
    writeIn(folder, 'f.csv', 'id\n1\n')
    await expect(read([{ file: 'a.csv' }, { file: 'f.csv' }], ['id', 'at'])).rejects.toMatchObject({
      type: 'SourceSchemaChanged',
      message: expect.stringContaining('f.csv has no column at; it has id') as string,
    })
  })

  it('have a column as text where they differ in its type', async () => {
    const session = await engine.open({ scratchPath: folder })
    await session.execute(`COPY (SELECT 7 AS id, DATE '2026-10-01' AS at) TO '${join(folder, 'g.parquet')}'`)
    await session.close()
    const { rows, columns } = await read([{ file: 'a.csv' }, { file: 'g.parquet' }])
    expect(columns).toEqual({ id: 'VARCHAR', at: 'VARCHAR' })
    expect(rows).toEqual([
      { id: '1', at: 'x' },
      { id: '7', at: '2026-10-01' },
    ])
  })
})

describe('files of a bucket', () => {
  it('are fetched once a view, and named by their address', async () => {
    mkdirSync(join(folder, 'bucket'), { recursive: true })
    writeIn(folder, 'bucket/x.csv', 'id,at\n1\n2,y\n')
    const { rows, unreadable } = await readAllOf(
      readerOf(folder),
      folder,
      given({ connection: 'bucket', file: 'x.csv' }),
    )
    expect(rows).toEqual([{ id: '2', at: 'y' }])
    expect(unreadable[0]).toMatchObject({ file: 's3://bucket/x.csv', problem: 'has 1 field instead of 2' })
    expect(fetches).toEqual(['x.csv'])
  })

  it('are missed by their pattern and connection', async () => {
    await expect(
      readerOf(folder).describe(given({ connection: 'bucket', file: 'y*.csv' }), 'lines'),
    ).rejects.toMatchObject({
      type: 'SourceUnreadable',
      message: expect.stringMatching(/y\*\.csv.*in connection bucket/) as string,
    })
  })
})
