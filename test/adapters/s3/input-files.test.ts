import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeS3InputFiles, type S3InputFiles } from '../../../src/adapters/s3/input-files.ts'
import { s3Connection } from './connection.ts'

const MIB = 2 ** 20

let folder: string
let path: string
let files: S3InputFiles
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resegment-input-'))
  path = join(folder, 'fetched')
})
afterEach(async () => {
  files.close()
  await rm(folder, { recursive: true })
})

describe('files of a source in a bucket', () => {
  let client: S3Client
  let bucket: string
  const put = (key: string, body: string | Buffer) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: body.length }))

  beforeEach(async () => {
    const connection = await s3Connection()
    bucket = `source-${randomUUID().slice(0, 8)}`
    client = new S3Client({ ...connection, forcePathStyle: true })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    files = makeS3InputFiles({ ...connection, bucket })
  })
  afterEach(() => client.destroy())

  it('are listed by a pattern, sorted by key, without folders', async () => {
    for (const key of [
      'in/lines-2.csv.gz',
      'in/lines-10.csv.gz',
      'in/old/lines-1.csv.gz',
      'in/lines.txt',
      'other.csv.gz',
    ])
      await put(key, key)
    await put('in/', '')
    const listed = await files.list('in/*.csv.gz')
    expect(listed.map(({ key, bytes }) => [key, bytes])).toEqual([
      ['in/lines-10.csv.gz', 18],
      ['in/lines-2.csv.gz', 17],
    ])
    expect((await files.list('in/**')).map(({ key }) => key)).toContain('in/old/lines-1.csv.gz')
    expect(await files.list('in/none*')).toEqual([])
  })

  it('are listed beyond one page of a thousand', async () => {
    const keys = Array.from({ length: 1_005 }, (_, index) => `many/${String(index).padStart(4, '0')}.csv`)
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(keys.slice(start, start + 50).map((key) => put(key, 'x')))
    expect((await files.list('many/*.csv')).map(({ key }) => key)).toEqual(keys)
  })

  it('arrive with the bytes they have, and say how far they are', async () => {
    const body = randomBytes(3 * MIB)
    await put('in/lines.csv.gz', body)
    const [file] = await files.list('in/*')
    const progress: number[] = []
    await files.fetchToFile(file!, path, undefined, (bytesDone) => progress.push(bytesDone))
    expect((await readFile(path)).equals(body)).toBe(true)
    expect(progress.at(-1)).toBe(3 * MIB)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  })

  it('are read again from the list when one is replaced or removed after it was listed', async () => {
    await put('in/lines.csv', 'one,two')
    const [file] = await files.list('in/*')
    await put('in/lines.csv', 'two,one')
    await expect(files.fetchToFile(file!, path)).rejects.toMatchObject({
      type: 'ConnectionFailed',
      message: expect.stringContaining(`s3://${bucket}/in/lines.csv was replaced`) as string,
    })
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'in/lines.csv' }))
    await expect(files.fetchToFile(file!, path)).rejects.toMatchObject({
      type: 'ConnectionFailed',
      message: expect.stringContaining('was removed') as string,
    })
  })

  it('are not fetched any further when the run is cancelled', async () => {
    await put('in/lines.csv', randomBytes(MIB))
    const [file] = await files.list('in/*')
    const cancelling = new AbortController()
    const fetching = files.fetchToFile(file!, path, cancelling.signal, () => cancelling.abort(new Error('cancelled')))
    await expect(fetching).rejects.toThrow('cancelled')
    await expect(files.list('in/*', cancelling.signal)).rejects.toThrow()
  })
})

describe('a server in trouble', () => {
  const body = Buffer.from('customer,amount\na,1\n')
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  const headers = { 'content-length': body.length, etag: '"1"', 'x-amz-checksum-crc32': checksum.toString('base64') }
  const file = { key: 'lines.csv', bytes: body.length, etag: '"1"' }
  const answerWell = (response: ServerResponse): unknown => response.writeHead(200, headers).end(body)

  /** Fetches from a server that gives these answers in turn, the last one for ever. @returns how often it was asked */
  async function fetchFrom(answers: readonly ((response: ServerResponse) => unknown)[]): Promise<number> {
    let asked = 0
    const server = createServer((_, response) => answers[Math.min(asked++, answers.length - 1)]!(response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    files = makeS3InputFiles({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'k', secretAccessKey: 's' },
      bucket: 'lake',
    })
    try {
      await files.fetchToFile(file, path)
      return asked
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
  const slowDown = (response: ServerResponse): unknown =>
    response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
  const cutOff = (response: ServerResponse): unknown => {
    response.writeHead(200, headers).write(body.subarray(0, 7))
    return setTimeout(() => response.destroy(), 20)
  }
  const damaged = (response: ServerResponse): unknown =>
    response.writeHead(200, headers).end(Buffer.from(body.map((byte, index) => (index === 5 ? byte ^ 1 : byte))))

  it.each([
    ['throttles', slowDown],
    ['breaks off in the middle of a file', cutOff],
    ['sends other bytes than its checksum says', damaged],
  ])('is asked again when it %s', async (_, answer) => {
    expect(await fetchFrom([answer, answerWell])).toBe(2)
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(createHash('sha256').update(body).digest('hex'))
  })

  it.each([
    ['throttles', slowDown],
    ['breaks off', cutOff],
    ['sends damaged bytes', damaged],
  ])('is a failed connection when it %s for ever: the run tries again later', async (_, answer) => {
    await expect(fetchFrom([answer])).rejects.toMatchObject({ type: 'ConnectionFailed', retry: 'try-again' })
  })
})
