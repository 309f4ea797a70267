import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { useStack } from '../use-stack.ts'
import { PipelineBench } from './pipeline-bench.ts'
import { openTroubledS3, type Trouble, type TroubledS3 } from './troubled-s3.ts'

const FILES = 3
const ROWS = 20_000
const bucket = `exports-${randomUUID().slice(0, 8)}`

let variables: Readonly<Record<string, string>>
let local: PipelineBench
let fromFolder: Definition
let fromBucket: Definition

/** One month of orders a file; a pure function of the row number. */
function exported(file: number): Buffer {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const mixed = (row * 7919 + file * 104_729) % 100_003
    const day = String((mixed % 28) + 1).padStart(2, '0')
    return `c${mixed % 900},2026-0${file + 1}-${day}T08:00:00,o${file}-${row >> 1},${(mixed / 100).toFixed(2)}`
  })
  return gzipSync(['customer,at,order,total', ...lines, ''].join('\n'))
}

function writeProject(bench: PipelineBench, name: string, from: string): Definition {
  const folder = join(bench.folder, name)
  mkdirSync(join(folder, 'pipelines'), { recursive: true })
  writeFileSync(
    join(folder, 'resegment.yaml'),
    `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  lake: { s3: { bucket: ${bucket} } }
targets:
  dev: { schema: dev, prefix: dev/, embedded: true }
sources:
  lines:
    from: ${from}
    columns: { customer_id: customer, occurred_at: at, order_id: order, amount: total }
`,
  )
  writeFileSync(
    join(folder, 'pipelines/exports.yaml'),
    `pipeline: exports
extract: { transactions: lines }
features: [recency, frequency, monetary]
publish: { warehouse: warehouse }
`,
  )
  return loadDefinition(folder, 'exports', 'dev')
}

beforeAll(async () => {
  variables = (await useStack()).overrides
  local = await PipelineBench.open(variables)
  fromFolder = writeProject(local, 'folder', "{ file: 'exports/*.csv.gz' }")
  fromBucket = writeProject(local, 'bucket', "{ connection: lake, file: 'exports/*.csv.gz' }")
  mkdirSync(join(local.folder, 'folder/exports'))
  const client = new S3Client({
    endpoint: variables.S3_ENDPOINT!,
    region: variables.AWS_REGION ?? 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID!, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY! },
  })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  for (let file = 0; file < FILES; file++) {
    const name = `lines-2026-0${file + 1}.csv.gz`
    writeFileSync(join(local.folder, 'folder/exports', name), exported(file))
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: `exports/${name}`, Body: exported(file) }))
  }
  // Beside the pattern: not of the source.
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'exports/old/lines.csv.gz', Body: exported(0) }))
  client.destroy()
})
afterAll(() => local.close())

it('a source in a bucket gives the rows, features and digests that the same files in a folder give', async () => {
  const ofFolder = await local.run(fromFolder, '2026-07-01')
  const ofBucket = await local.run(fromBucket, '2026-07-01')
  expect(ofBucket.counts[0]).toMatchObject({ rowsIn: FILES * ROWS, rowsOut: FILES * ROWS, rejected: 0 })
  expect(ofBucket.counts).toEqual(ofFolder.counts)
  for (const stage of ['raw', 'clean', 'features'] as const)
    expect(ofBucket[stage].contentDigest).toBe(ofFolder[stage].contentDigest)
})

describe('while S3 is in trouble', () => {
  let undisturbed: string
  beforeEach(async () => {
    undisturbed = (await local.extract(local.plan(fromFolder, '2026-07-01'))).ref.contentDigest
  })

  async function through(choose: (path: string, before: number) => Trouble): Promise<[PipelineBench, TroubledS3]> {
    const s3 = await openTroubledS3(variables.S3_ENDPOINT!, (_method, path, before) => choose(path, before))
    return [await PipelineBench.open({ ...variables, S3_ENDPOINT: s3.endpoint }), s3]
  }
  const isFile = (path: string): boolean => path.includes('.csv.gz')

  it('an extract asks again after 503 and after a body that breaks off, and gives the undisturbed artifact', async () => {
    const [bench, s3] = await through((path, before) => {
      if (before === 0) return 'throttled'
      return before === 1 && isFile(path) ? 'truncated' : 'none'
    })
    try {
      const { ref } = await bench.extract(bench.plan(fromBucket, '2026-07-01'))
      expect(ref.contentDigest).toBe(undisturbed)
      // The list and each file once throttled; each file once broken off.
      expect(s3.happened).toMatchObject({ throttled: 1 + FILES, truncated: FILES, none: 1 + FILES })
    } finally {
      await bench.close()
      await s3.close()
    }
  })

  it.each(['throttled', 'truncated'] as const)(
    'an extract that is %s throughout fails as one that the run tries again; the next attempt gives the undisturbed artifact',
    async (trouble) => {
      let isOver = false
      const [bench, s3] = await through((path) => (isOver || !isFile(path) ? 'none' : trouble))
      try {
        const plan = bench.plan(fromBucket, '2026-07-01')
        await expect(bench.extract(plan)).rejects.toMatchObject({ type: 'ConnectionFailed', nonRetryable: false })
        expect(s3.happened[trouble]).toBeGreaterThan(2)
        isOver = true
        expect((await bench.extract(plan)).ref.contentDigest).toBe(undisturbed)
      } finally {
        await bench.close()
        await s3.close()
      }
    },
  )
})
