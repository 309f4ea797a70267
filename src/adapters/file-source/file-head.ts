import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import iconv from 'iconv-lite'

const HEAD_BYTES = 256 * 1024

export interface FileHead {
  readonly text: string
  /** In which encoding it is text. */
  readonly encoding: string
}

/** The beginning of a text file, unpacked and decoded. */
export async function readHead(path: string): Promise<FileHead> {
  const file = createReadStream(path)
  const stream = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file
  const failed = new Promise<never>((_, reject) => file.once('error', reject))
  const bytes = await Promise.race([takeHead(stream), failed])
  file.destroy()
  const encoding = encodingOf(bytes)
  return { text: iconv.decode(bytes, encoding).replace(/^\uFEFF/, ''), encoding }
}

async function takeHead(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= HEAD_BYTES) break
  }
  return Buffer.concat(chunks)
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // The last character may be cut.
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)))
  return isText ? 'utf-8' : 'windows-1252'
}
