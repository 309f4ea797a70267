import { open } from 'node:fs/promises'

const GATHERED_BYTES = 2 ** 20

/** Writes pieces to a file, a megabyte a call: a call for each piece of a socket takes as much time as reading it. */
export async function writeGathered(
  pieces: AsyncIterable<Buffer>,
  path: string,
  onPiece: (piece: Buffer) => void,
): Promise<void> {
  const file = await open(path, 'w')
  let writing: Promise<unknown> = Promise.resolve()
  try {
    let gathered: Buffer[] = []
    let bytes = 0
    for await (const piece of pieces) {
      onPiece(piece)
      gathered.push(piece)
      bytes += piece.length
      if (bytes < GATHERED_BYTES) continue
      await writing
      writing = file.writev(gathered)
      // It is awaited before the next one; until then its failure is nobody's.
      writing.catch(() => undefined)
      gathered = []
      bytes = 0
    }
    await writing
    if (bytes > 0) await file.writev(gathered)
  } finally {
    await writing.catch(() => undefined)
    await file.close()
  }
}
