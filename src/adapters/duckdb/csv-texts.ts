import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { TextTable } from '../../plan/text-table.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import { quoteText } from '../../sql/sql-text.ts'

/**
 * A small CSV file with a line of names, as texts: ids keep their zeros. The engine finds out what separates and what quotes.
 *
 * @param path absolute, where the session may read
 * @param most rows to read
 * @throws ConfigInvalid when the engine cannot make rows of it
 */
export async function readCsvTexts(session: ComputeSession, path: string, most: number): Promise<TextTable> {
  const file = `read_csv(${quoteText(path)}, header = true, all_varchar = true, sample_size = -1)`
  try {
    const described = await session.rows(`DESCRIBE SELECT * FROM ${file}`)
    const rows = await session.rows(`SELECT * FROM ${file} LIMIT ${most}`)
    return { columns: described.map((row) => String(row.column_name)), rows: rows as TextTable['rows'] }
  } catch (cause) {
    const [said = ''] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new ConfigInvalid(
      `${path} cannot be read as CSV: ${said}`,
      'Save it as CSV in UTF-8: a line with the names of the columns, then one line a judgement.',
      { cause },
    )
  }
}
