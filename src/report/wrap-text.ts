/** How wide a screen of text may be: no terminal of today is narrower. */
export const SCREEN_COLUMNS = 100

/** Lines of at most `width` characters, broken between words; a word that is longer stays whole. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
