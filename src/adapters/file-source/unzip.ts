import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'

/**
 * Unpacks a file into a folder. The engine could read it packed, but takes a truncated file for a shorter one (1.5.6), and reads it
 * with one thread.
 *
 * @returns path of the unpacked file
 */
export async function unzip(
  path: string,
  folder: string,
  sourceName: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  await mkdir(folder, { recursive: true })
  // Files of several folders may have the same name.
  const unpacked = join(
    folder,
    `${createHash('sha256').update(path).digest('hex').slice(0, 12)}-${basename(path, '.gz')}`,
  )
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(unpacked), { signal })
    return unpacked
  } catch (error) {
    signal?.throwIfAborted()
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('Z_')) throw error
    throw new SourceUnreadable(
      `Source ${sourceName}: ${path} is damaged or incomplete (gzip: ${message}).`,
      'Copy the file again, then start the next revision.',
      { cause: error },
    )
  }
}
