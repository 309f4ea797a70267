import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { Fingerprint, type SentFile } from './fetch-object.ts'

const MIB = 2 ** 20
/** S3 takes 10,000 parts: files may have 78 GiB. */
const PART_BYTES = 8 * MIB
/** Together with the part size: what an upload keeps in memory. */
const PARTS_AT_ONCE = 3

/**
 * Sends a file in parts, of which only a few are in memory, and reads it once on the way. S3 answers with the checksum of the object that
 * came into being; a server that does not is asked for its size and checksum afterwards.
 *
 * @param request everything but the body
 * @throws ConnectionFailed when S3 holds something else than what was sent
 */
export async function sendFile(
  client: S3Client,
  request: Omit<PutObjectCommandInput, 'Body' | 'Bucket' | 'Key'> & { readonly Bucket: string; readonly Key: string },
  localPath: string,
  signal?: AbortSignal,
): Promise<SentFile> {
  const fingerprint = new Fingerprint()
  const checksum = new Checksum()
  const bytes = checksum.passing(fingerprint.passing(createReadStream(localPath)))
  const upload = new Upload({
    client,
    params: { ...request, ...wholeObject, Body: Readable.from(bytes, { objectMode: false }) },
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
  })
  let kept: Kept
  const abort = (): void => void upload.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    const { ChecksumCRC32, ChecksumType } = await upload.done()
    kept = { ChecksumCRC32, ChecksumType }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  const sent = fingerprint.result()
  if (!isWhole(kept) || kept.ChecksumCRC32 !== checksum.base64()) await verify(client, request, sent, checksum.base64())
  return sent
}

/** What S3 says of an object. */
type Kept = Pick<HeadObjectCommandOutput, 'ChecksumCRC32' | 'ChecksumType'>

/** Servers without whole-object checksums say nothing, or the checksum of the parts' checksums. */
function isWhole({ ChecksumCRC32, ChecksumType }: Kept): boolean {
  return ChecksumCRC32 !== undefined && ChecksumType !== 'COMPOSITE'
}

/** Each part is declared with its CRC-32, and S3 adds them up to that of the whole object: the one checksum that it can. */
const wholeObject = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const

async function verify(
  client: S3Client,
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  sent: SentFile,
  checksum: string,
): Promise<void> {
  const kept = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
  if (kept.ContentLength === sent.bytes && (!isWhole(kept) || kept.ChecksumCRC32 === checksum)) return
  throw new ConnectionFailed(
    `s3://${Bucket}/${Key} holds ${kept.ContentLength ?? 0} bytes (CRC-32 ${kept.ChecksumCRC32 ?? 'unknown'}); ${sent.bytes} bytes (${checksum}) were sent.`,
    'It is sent again. If it goes on, look for what stands between worker and S3 and changes bytes.',
  )
}

class Checksum {
  private value = 0

  async *passing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.value = crc32(chunk, this.value)
      yield chunk
    }
  }

  base64(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.value)
    return bytes.toString('base64')
  }
}
