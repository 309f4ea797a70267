import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { CreateMultipartUploadCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, describe, expect, it } from 'vitest'
import { Bucket } from '../../../src/adapters/s3/bucket.ts'
import { ConnectionFailed } from '../../../src/errors/connection-failed.ts'
import { s3Connection } from './connection.ts'
import { openRecordingS3 } from './recorder.ts'

const MIB = 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'resegment-bucket-'))
const large = join(folder, 'large')
const small = join(folder, 'small')
const bytes = Buffer.alloc(20 * MIB, 'customers')
writeFileSync(large, bytes)
writeFileSync(small, 'few')
afterAll(() => rmSync(folder, { recursive: true }))

const keys = { region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const crcOf = (content: Buffer | string): string => {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(crc32(content))
  return four.toString('base64')
}

describe('requests of an upload', () => {
  it('ask for encryption with a key, a storage class and tags, for a file in parts as for a short one', async () => {
    const server = await openRecordingS3({ 'content-length': String(bytes.length) })
    const bucket = new Bucket({
      ...keys,
      ...{
        bucket: 'acme',
        endpoint: server.endpoint,
        storageClass: 'STANDARD_IA',
        tags: { team: 'growth data', a: '1' },
      },
      encryption: { kind: 'kms', key: 'arn:aws:kms:eu-central-1:1:key/k' },
    })
    await bucket.sendFile('shop/large', large, 'application/x')
    await bucket.writeDocument('shop/manifest.json', '{}')
    bucket.close()
    await server.close()
    const begun = server.requests.find(({ method, path }) => method === 'POST' && path.includes('uploads'))!
    const asked = {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:1:key/k',
      'x-amz-tagging': 'team=growth+data&a=1',
    }
    expect(begun.headers).toMatchObject({
      ...asked,
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-checksum-algorithm': 'CRC32',
      'x-amz-checksum-type': 'FULL_OBJECT',
    })
    const parts = server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('partNumber='))
    expect(parts.map((part) => part.bytes).sort((a, b) => a - b)).toEqual([4 * MIB, 8 * MIB, 8 * MIB])
    // Every part says what it should be: S3 refuses another one.
    expect(parts.every(({ headers }) => headers['x-amz-checksum-crc32'] !== undefined)).toBe(true)
    const document = server.requests.find(({ path }) => path.includes('manifest.json'))!
    expect(document.headers).toMatchObject({ ...asked, 'if-none-match': '*' })
    expect(document.headers).not.toHaveProperty('x-amz-storage-class')
  })

  it('ask for keys of S3 itself, and for nothing that nobody configured', async () => {
    const server = await openRecordingS3({ 'content-length': '3' })
    for (const encryption of [{ kind: 's3' } as const, undefined]) {
      const bucket = new Bucket({ ...keys, bucket: 'acme', endpoint: server.endpoint, encryption })
      await bucket.sendFile('key', small, 'application/x')
      bucket.close()
    }
    await server.close()
    const [encrypted, plain] = server.requests.filter(({ method }) => method === 'PUT')
    expect(encrypted!.headers).toMatchObject({
      'x-amz-server-side-encryption': 'AES256',
      'x-amz-checksum-crc32': crcOf('few'),
    })
    for (const header of ['server-side-encryption', 'tagging', 'storage-class'])
      expect(plain!.headers).not.toHaveProperty(`x-amz-${header}`)
  })

  it('name the bucket in the path of an endpoint, and in its host where path style is off', async () => {
    const server = await openRecordingS3()
    const { port } = new URL(server.endpoint)
    for (const pathStyle of [undefined, false]) {
      // Names under localhost lead to this machine.
      const bucket = new Bucket({ ...keys, bucket: 'acme', endpoint: `http://localhost:${port}`, pathStyle })
      await bucket.writeDocument('key', '{}').catch(() => undefined)
      bucket.close()
    }
    await server.close()
    expect(server.requests[0]).toMatchObject({
      host: `localhost:${port}`,
      path: expect.stringMatching(/^\/acme\/key/) as string,
    })
    // Where the machine knows no names under localhost, nothing came.
    for (const request of server.requests.slice(1))
      expect(request).toMatchObject({ host: `acme.localhost:${port}`, path: expect.stringMatching(/^\/key/) as string })
  })
})

describe('an upload', () => {
  const ofWhole = { 'x-amz-checksum-type': 'FULL_OBJECT' }

  it.each([
    ['tells the checksum of the whole object', ofWhole, 'few', ['PUT']],
    ['tells nothing', {}, null, ['PUT', 'HEAD']],
    ['tells the checksum of other bytes', ofWhole, 'few!', ['PUT', 'HEAD']],
    ['tells a checksum of checksums', { 'x-amz-checksum-type': 'COMPOSITE' }, 'few', ['PUT', 'HEAD']],
  ])('is looked at once more unless S3 vouches for it: it %s', async (_what, type, text, asked) => {
    const told = text === null ? {} : { ...type, 'x-amz-checksum-crc32': crcOf(text) }
    const server = await openRecordingS3({ 'content-length': '3' }, told)
    const bucket = new Bucket({ ...keys, bucket: 'acme', endpoint: server.endpoint })
    expect(await bucket.sendFile('key', small, 'application/x')).toMatchObject({ bytes: 3 })
    bucket.close()
    await server.close()
    expect(server.requests.map(({ method }) => method)).toEqual(asked)
  })

  it('fails, to be tried again, when S3 holds other bytes than were sent', async () => {
    const answers: readonly Readonly<Record<string, string>>[] = [
      { 'content-length': '2' },
      { 'content-length': '3', 'x-amz-checksum-crc32': crcOf('few!'), 'x-amz-checksum-type': 'FULL_OBJECT' },
    ]
    for (const answer of answers) {
      const server = await openRecordingS3(answer)
      const bucket = new Bucket({ ...keys, bucket: 'acme', endpoint: server.endpoint })
      await expect(bucket.sendFile('key', small, 'application/x')).rejects.toThrow(ConnectionFailed)
      bucket.close()
      await server.close()
    }
  })
})

describe('the real server', () => {
  const name = `bucket-${randomUUID().slice(0, 8)}`

  it('keeps the checksum of the whole object, also of one that came in parts', async () => {
    const connection = await s3Connection()
    const bucket = new Bucket({ ...connection, bucket: name, createBucket: true })
    await bucket.sendFile('large', large, 'application/x')
    const client = new S3Client({ ...connection, forcePathStyle: true })
    expect(
      await client.send(new HeadObjectCommand({ Bucket: name, Key: 'large', ChecksumMode: 'ENABLED' })),
    ).toMatchObject({
      ContentLength: bytes.length,
      ChecksumCRC32: crcOf(bytes),
      ChecksumType: 'FULL_OBJECT',
    })
    client.destroy()
    bucket.close()
  })

  it('lets one of many writers replace a document: no count is lost', async () => {
    const connection = await s3Connection()
    const writers = Array.from({ length: 4 }, () => new Bucket({ ...connection, bucket: name, createBucket: true }))
    await writers[0]!.writeDocument('count.json', '0')
    await Promise.all(
      writers.map(async (bucket) => {
        for (let counted = 0; counted < 10;) {
          const { text, etag } = (await bucket.readDocument('count.json'))!
          if (await bucket.writeDocument('count.json', String(Number(text) + 1), etag)) counted += 1
        }
      }),
    )
    expect((await writers[0]!.readDocument('count.json'))!.text).toBe('40')
    for (const bucket of writers) bucket.close()
  })

  it('lists uploads that nobody finished, and gives them up', async () => {
    const connection = await s3Connection()
    const bucket = new Bucket({ ...connection, bucket: name, createBucket: true })
    const client = new S3Client({ ...connection, forcePathStyle: true })
    await client.send(new CreateMultipartUploadCommand({ Bucket: name, Key: 'dev/shop/run=x/left' }))
    await client.send(new CreateMultipartUploadCommand({ Bucket: name, Key: 'prod/shop/run=x/left' }))
    client.destroy()
    const [upload, ...others] = await bucket.listUploads('dev/shop/')
    expect({ upload, others }).toMatchObject({ upload: { key: 'dev/shop/run=x/left' }, others: [] })
    await bucket.abortUpload(upload!)
    await bucket.abortUpload(upload!)
    expect(await bucket.listUploads('dev/shop/')).toEqual([])
    expect(await bucket.listUploads('prod/')).toHaveLength(1)
    bucket.close()
  })
})
