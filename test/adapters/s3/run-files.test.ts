import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { makeS3Objects } from '../../../src/adapters/s3/object-destination.ts'
import { runManifest, type RunManifest } from '../../../src/adapters/s3/run-manifest.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { fileTables, type FileColumnType } from '../../../src/run/file-tables.ts'
import { makeCandidate, openSession } from '../warehouse/candidate.ts'
import { s3Connection } from './connection.ts'
import { findPython } from '../../python.ts'

const BUCKET = `files-${process.pid}`
const RUN = 'shop@2026-07-01~1'
const DIGEST = '0a1b2c'.repeat(8)
const members = new Map([
  ['a', 'shop-2'],
  ['b', 'shop-1'],
  ['c', 'shop-1'],
  ['d', 'shop-2'],
])
const before = { runId: 'shop@2026-04-01~1', members: new Map([['a', 'shop-1']]) }
/** As Arrow calls what we promise. */
const arrowTypes: Readonly<Record<FileColumnType, string>> = {
  text: 'string',
  double: 'double',
  integer: 'int32',
  bigint: 'int64',
  boolean: 'bool',
  instant: 'timestamp[us, tz=UTC]',
}

describe('files of a published run', () => {
  let session: ComputeSession
  let scratchPath: string
  let folder: string
  let manifest: RunManifest

  beforeAll(async () => {
    ;({ session, scratchPath } = await openSession())
    const connection = await s3Connection()
    const objects = makeS3Objects({ ...connection, bucket: BUCKET, createBucket: true })
    const candidate = await makeCandidate(
      { session, scratchPath },
      {
        ...{ asOf: '2026-07-01T00:00:00.000Z', digest: DIGEST, members, before },
        method: { also: 'shop-9', since: '2026-04-01', pAlive: 0.25 },
      },
    )
    const reportFiles = [{ name: 'report', localPath: join(scratchPath, 'comparison.html') }]
    writeFileSync(reportFiles[0]!.localPath, '<h1>Compared</h1>')
    const features = {
      columns: [
        { name: 'spent', isText: false },
        { name: 'channel', isText: true },
      ],
      files: [join(scratchPath, 'features.parquet')],
    }
    // Nobody has asked about d.
    await session.execute(`COPY (SELECT * FROM (VALUES ('a', 2.5::DOUBLE, NULL), ('b', NULL, 'web'), ('c', 1, 'shop'), ('z', 9, 'web'))
      v (customer_id, spent, channel)) TO '${features.files[0]}'`)
    await objects.writeRun(session, { ...candidate, features, reportFiles }, scratchPath)
    objects.close()
    folder = join(scratchPath, 'shop')
    await download(connection, 'dev/shop/', folder)
    const text = readFileSync(join(folder, `run=${RUN}`, 'manifest.json'))
    manifest = runManifest.parse(JSON.parse(text.toString()))
  })
  afterAll(async () => {
    await session.close()
    await rm(scratchPath, { recursive: true, force: true })
  })

  it('are those of every table that the method has, and a report that belongs to none', () => {
    expect(Object.entries(manifest.tables).map(([name, table]) => [name, table.rows])).toEqual([
      ['memberships', 4],
      ['further_memberships', 4],
      ['scores', 4],
      ['reasons', 8],
      ['features', 8],
      ['segments', 3],
      ['profiles', 2],
      ['transitions', 3],
      ['checks', 1],
    ])
    expect(manifest.files.at(-1)).toMatchObject({
      path: 'report-0a1b2c0a1b2c.html',
      table: null,
      rows: null,
      bytes: 17,
    })
  })

  it('are sorted by segment and customer, and say what they are without their folder', async () => {
    const path = join(folder, `run=${RUN}`, 'memberships/part-00000-0a1b2c0a1b2c.parquet')
    expect(await session.rows(`SELECT segment_key, customer_id FROM read_parquet('${path}')`)).toEqual([
      { segment_key: 'shop-1', customer_id: 'b' },
      { segment_key: 'shop-1', customer_id: 'c' },
      { segment_key: 'shop-2', customer_id: 'a' },
      { segment_key: 'shop-2', customer_id: 'd' },
    ])
    const said =
      await session.rows(`SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${path}')
      WHERE decode(key) LIKE 'resegment.%' ORDER BY 1`)
    expect(Object.fromEntries(said.map(({ key, value }) => [key, value]))).toEqual({
      'resegment.asOf': '2026-07-01T00:00:00.000Z',
      'resegment.contractVersion': '1',
      'resegment.digest': DIGEST,
      'resegment.pipeline': 'shop',
      'resegment.run': RUN,
      'resegment.table': 'memberships',
    })
  })

  it('have a row for each customer of the run and published feature, null where there is no value', async () => {
    const path = join(folder, `run=${RUN}`, 'features/part-00000-0a1b2c0a1b2c.parquet')
    const found = await session.rows(`SELECT customer_id, feature, value, text_value FROM read_parquet('${path}')`)
    expect(found.map((row) => Object.values(row))).toEqual([
      ['a', 'channel', null, null],
      ['b', 'channel', null, 'web'],
      ['c', 'channel', null, 'shop'],
      ['d', 'channel', null, null],
      ['a', 'spent', 2.5, null],
      ['b', 'spent', null, null],
      ['c', 'spent', 1, null],
      ['d', 'spent', null, null],
    ])
  })

  it('are read by DuckDB as Hive folders, with the run as a column', async () => {
    const rows = await session.rows(`
      SELECT m.run, s.name, count(*) AS customers, min(m.as_of) = TIMESTAMPTZ '2026-07-01 00:00:00+00' AS is_july
      FROM read_parquet('${folder}/run=*/memberships/*.parquet', hive_partitioning = true) m
        JOIN read_parquet('${folder}/run=*/segments/*.parquet', hive_partitioning = true) s USING (run, segment_key)
      GROUP BY ALL ORDER BY ALL`)
    expect(rows).toEqual([
      { run: RUN, name: 'Name of shop-1', customers: 2, is_july: true },
      { run: RUN, name: 'Name of shop-2', customers: 2, is_july: true },
    ])
  })

  it('are read by pyarrow by the manifest, each column with the type that it promises', (context) => {
    const python = findPython('pyarrow', ['pyarrow'])
    if ('why' in python) return context.skip(python.why)
    const printed = execFileSync(join(python.bin, 'python'), [join(import.meta.dirname, 'run-files.py'), folder, RUN])
    const read = JSON.parse(printed.toString()) as {
      readonly tables: Record<string, { rows: number; columns: Record<string, string>; compression: string }>
      readonly members: readonly unknown[]
    }
    expect(read.members).toEqual(
      [...members].map(([customer_id, segment_key]) => ({ run: RUN, customer_id, segment_key })),
    )
    for (const [name, table] of Object.entries(manifest.tables)) {
      expect(read.tables[name]).toMatchObject({ rows: table.rows, compression: 'ZSTD' })
      expect(read.tables[name]!.columns).toEqual(
        Object.fromEntries(table.columns.map((column) => [column.name, arrowTypes[column.type]])),
      )
    }
  })

  it('have no NULL where a column promises none', async () => {
    for (const file of manifest.files) {
      if (file.table === null) continue
      const path = join(folder, `run=${RUN}`, file.path)
      const promised = fileTables[file.table].columns.filter(({ nullable }) => !nullable)
      const [counts] = await session.rows(
        `SELECT ${promised.map(({ name }) => `count(*) - count("${name}") AS "${name}"`).join(', ')} FROM read_parquet('${path}')`,
      )
      expect(counts, file.table).toEqual(Object.fromEntries(promised.map(({ name }) => [name, 0])))
    }
  })
})

async function download(
  connection: Awaited<ReturnType<typeof s3Connection>>,
  prefix: string,
  folder: string,
): Promise<void> {
  const client = new S3Client({ ...connection, forcePathStyle: true })
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }))
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
    const path = join(folder, Key!.slice(prefix.length))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, await Body!.transformToByteArray())
  }
  client.destroy()
}
