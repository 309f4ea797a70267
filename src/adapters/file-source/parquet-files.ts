import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { FoundFile } from './find-files.ts'

type Columns = Readonly<Record<string, string>>

/** @param columns of all files together; a text may be another type in some */
export function relationOfParquet(paths: readonly string[], columns: Columns, usedColumns: readonly string[]): string {
  const used = Object.keys(columns).filter((name) => usedColumns.includes(name))
  const list = used.map((name) => `CAST(${quoteName(name)} AS ${columns[name]}) AS ${quoteName(name)}`)
  return `(SELECT ${list.join(', ') || '1 AS none'} FROM ${filesOf(paths)})`
}

function filesOf(paths: readonly string[]): string {
  // Some writers call text binary; as text it is readable.
  return `read_parquet([${paths.map(quoteText).join(', ')}], union_by_name = true, hive_partitioning = false, binary_as_string = true)`
}

/** @throws SourceUnreadable */
export async function describeParquet(session: ComputeSession, file: FoundFile, sourceName: string): Promise<Columns> {
  const rows = await reading(file, sourceName, () => session.rows(`DESCRIBE SELECT * FROM ${filesOf([file.path])}`))
  return Object.fromEntries(rows.map((row) => [String(row.column_name), String(row.column_type)]))
}

/** Rows that the files' own footers tell. */
export async function countParquet(session: ComputeSession, paths: readonly string[]): Promise<number> {
  const list = paths.map(quoteText).join(', ')
  const [row] = await session.rows(`SELECT coalesce(sum(num_rows), 0) AS n FROM parquet_file_metadata([${list}])`)
  return Number(row!.n)
}

/** @param names columns of all files together */
export async function sampleParquet(
  session: ComputeSession,
  file: FoundFile,
  own: Columns,
  names: readonly string[],
  rowCount: number,
  sourceName: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const list = names.map((name) =>
    Object.hasOwn(own, name) ? `CAST(${quoteName(name)} AS VARCHAR)` : 'CAST(NULL AS VARCHAR)',
  )
  const texts = list.map((value, index) => `${value} AS c${index}`).join(', ')
  const rows = await reading(file, sourceName, () =>
    session.rows(`SELECT ${texts} FROM ${filesOf([file.path])} LIMIT ${rowCount}`),
  )
  return rows.map((row) => names.map((_, index) => row[`c${index}`] as string | null))
}

async function reading<T>(file: FoundFile, sourceName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ResegmentError || !(error instanceof Error)) throw error
    throw new SourceUnreadable(
      `Source ${sourceName}: ${file.name} cannot be read as Parquet: ${error.message.split('\n')[0]}`,
      'Write the file again, or give it the extension of what it is.',
      { cause: error },
    )
  }
}
