import { guessMarks, kindOf } from '../../src/init/column-kind.ts'
import type { LookedPlace } from '../../src/init/guesses.ts'

/** A place as it is found, by its columns and rows. */
export function place(name: string, columns: readonly string[], rows: readonly (readonly string[])[]): LookedPlace {
  const marks = guessMarks(rows.flat())
  return {
    name,
    from: { file: `${name}.csv` },
    isTyped: false,
    marks,
    rows,
    sampledRows: rows.length,
    columns: columns.map((column, at) => {
      const values = rows.map((row) => row[at]!)
      return { name: column, type: 'VARCHAR', values, emptyShare: 0, ...kindOf('VARCHAR', values, marks, []) }
    }),
  }
}
