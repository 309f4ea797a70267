export interface TableColumn {
  readonly title: string
  /** Figures stand right. Default: left. */
  readonly align?: 'left' | 'right'
}

const GAP = '  '

/** Lines of a table whose columns line up; the first line holds the titles, no line ends in blanks. */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))))
  return lines.map((line) =>
    columns
      .map(({ align }, index) => {
        const cell = line[index] ?? ''
        const blanks = ' '.repeat(widths[index]! - widthOf(cell))
        return align === 'right' ? blanks + cell : cell + blanks
      })
      .join(GAP)
      .trimEnd(),
  )
}

/** Characters as people count them, so that accents and emoji in names do not shift a column. */
function widthOf(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length
}
