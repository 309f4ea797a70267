import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCsv, type FileTarget } from '../../../src/adapters/destinations/csv/csv.ts'
import { Bucket } from '../../../src/adapters/s3/bucket.ts'
import { ConnectionFailed } from '../../../src/errors/connection-failed.ts'
import { PermissionDenied } from '../../../src/errors/permission-denied.ts'
import type { Delivery, Effect } from '../../../src/ports/activation.ts'
import { openS3Files } from '../../../src/wiring/destinations.ts'
import { s3Connection } from '../s3/connection.ts'
import { describeDestination } from './destination.contract.ts'

const FOLDER = 'dev/shop/audiences/'

interface Manifest {
  readonly files: readonly { readonly path: string; readonly segmentKey: string; readonly rows: number }[]
}

async function openBucket() {
  const { endpoint, region, credentials } = await s3Connection()
  const bucket = `csv-${randomUUID().slice(0, 8)}`
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  const read = async (key: string): Promise<string> =>
    (await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body!.transformToString()
  return { files: openS3Files(new Bucket({ endpoint, region, credentials, bucket })), client, read }
}

/** Customers of CSV text, as another program reads it. */
async function readCsv(text: string): Promise<Record<string, string>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'resegment-csv-'))
  const { writeFile } = await import('node:fs/promises')
  await writeFile(join(folder, 'f.csv'), text)
  const duck = await (await DuckDBInstance.create(':memory:')).connect()
  const read = await duck.runAndReadAll(
    `select * from read_csv('${join(folder, 'f.csv')}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
  )
  await rm(folder, { recursive: true })
  return read.getRowObjectsJS() as Record<string, string>[]
}

describeDestination('csv', async () => {
  const { files, client, read } = await openBucket()
  let trouble: 'broken' | 'refused' | undefined
  let sends = 0
  const troubled: FileTarget = {
    ...files,
    sendFile(...file) {
      if (trouble === 'refused') return Promise.reject(new PermissionDenied('S3 refused.', 'Check the credentials.'))
      // The second file of a delivery never arrives.
      if (trouble === 'broken' && ++sends % 2 === 0)
        return Promise.reject(new ConnectionFailed('S3 broke off.', 'Again.'))
      return files.sendFile(...file)
    },
  }
  return {
    destination: makeCsv({ files: troubled, folder: FOLDER, channel: null }),
    async members() {
      const latest = JSON.parse(await read(`${FOLDER}crm/latest.json`)) as { manifest: string }
      const manifest = JSON.parse(await read(latest.manifest)) as Manifest
      const rows = []
      for (const { path } of manifest.files)
        rows.push(...(await readCsv(await read(latest.manifest.replace('manifest.json', path)))))
      return new Map(rows.map((row) => [row.customer_id!, row.segment_key!]))
    },
    breakOff: async (isBroken) => {
      trouble = isBroken ? 'broken' : undefined
    },
    refuse: async () => {
      trouble = 'refused'
    },
    close: async () => client.destroy(),
  }
})

describe('files of members', () => {
  let bucket: Awaited<ReturnType<typeof openBucket>>
  let scratchPath: string
  beforeEach(async () => {
    bucket = await openBucket()
    scratchPath = await mkdtemp(join(tmpdir(), 'resegment-csv-'))
  })
  afterEach(async () => {
    bucket.client.destroy()
    await rm(scratchPath, { recursive: true })
  })

  it('have a column that says how to reach a customer, and a file also for a segment with nobody in it', async () => {
    const csv = makeCsv({ files: bucket.files, folder: FOLDER, channel: 'preferredChannel' })
    const member = (customerId: string, channel: string | null): Effect => ({
      ...{ id: '', event: 'member', customerId, fromSegmentKey: null, toSegmentKey: 'shop-1', channel },
    })
    const delivery: Delivery = {
      ...{ key: 'k', pipeline: 'shop', destination: 'mail', runKey: 'shop@2026-10-01', revision: 1 },
      ...{ asOf: '2026-10-01T00:00:00.000Z', number: 1, count: 1, isFull: false },
      segments: [
        { segmentKey: 'shop-1', name: 'Champions' },
        { segmentKey: 'shop-2', name: 'Lapsed' },
      ],
      effects: () => [member('a', 'mail'), member('b', null)],
    }
    await csv.deliver(delivery, { signal: new AbortController().signal, scratchPath })
    const folder = `${FOLDER}mail/run=shop@2026-10-01~1/`
    expect(await bucket.read(`${folder}shop-1.csv`)).toBe(
      'customer_id,segment_key,segment_name,preferredChannel\na,shop-1,Champions,mail\nb,shop-1,Champions,\n',
    )
    expect(await bucket.read(`${folder}shop-2.csv`)).toBe('customer_id,segment_key,segment_name,preferredChannel\n')
    const manifest = JSON.parse(await bucket.read(`${folder}manifest.json`)) as Manifest
    expect(manifest.files.map(({ segmentKey, rows }) => [segmentKey, rows])).toEqual([
      ['shop-1', 2],
      ['shop-2', 0],
    ])
  })
})
