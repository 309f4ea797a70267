const BLOCKS = '▁▂▃▄▅▆▇█'
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** One character a bar, the highest a full block; nobody: a blank, anybody: at least a line. */
export function histogramBars(counts: readonly number[]): string {
  const highest = Math.max(...counts)
  return counts
    .map((count) => (count === 0 ? ' ' : BLOCKS[Math.max(0, Math.ceil((count / highest) * BLOCKS.length) - 1)]))
    .join('')
}

/** A bar from left to right, in eighths of a character. @param share 0 to 1 of `width` characters */
export function shareBar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!
}
