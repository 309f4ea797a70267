const NEWLINE = 10

/** Passes bytes on and estimates the rows among them, by the length of the lines in the first piece: counting all costs a second a gigabyte. */
export function countRows(onProgress: (rowsDone: number) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0
    let bytesPerRow = 0
    for await (const chunk of chunks) {
      bytes += chunk.length
      bytesPerRow ||= bytes / Math.max(1, newlinesOf(chunk))
      onProgress(Math.round(bytes / bytesPerRow))
      yield chunk
    }
  }
}

function newlinesOf(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count++
  return count
}
