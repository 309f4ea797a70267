const NEWLINE = 10

/** Estimates the rows among bytes, by the length of the lines in the first piece: counting all costs a second a gigabyte. */
export function makeRowCounter(onProgress: (rowsDone: number) => void): (piece: Buffer) => void {
  let bytes = 0
  let bytesPerRow = 0
  return (piece) => {
    bytes += piece.length
    bytesPerRow ||= bytes / Math.max(1, newlinesOf(piece))
    onProgress(Math.round(bytes / bytesPerRow))
  }
}

function newlinesOf(piece: Buffer): number {
  let count = 0
  for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) count++
  return count
}
