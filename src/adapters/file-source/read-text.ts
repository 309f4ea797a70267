import { quoteName } from '../../sql/sql-text.ts'
import { join } from 'node:path'
import type { OpenedSource, ReadRequest } from '../../ports/source-reader.ts'
import { dialectOf, type CsvDialect } from './csv-dialect.ts'
import { prepareCsv, relationOfCsv, type EvenFile } from './csv-files.ts'
import type { Columns, FilePlace } from './file-place.ts'
import { locationOf, type FoundFile } from './find-files.ts'
import { prepareJsonLines, relationOfJsonLines } from './json-lines.ts'
import { UnreadableFile } from './unreadable-file.ts'

/** Files of one header can be one relation. */
interface Group {
  readonly dialect: CsvDialect
  readonly files: EvenFile[]
}

/** Reads the files of a place, each checked and counted apart from the engine. */
export async function readText(
  place: FilePlace,
  { usedColumns, scratchPath, signal }: ReadRequest,
  columns: Columns,
  readable: (file: FoundFile) => Promise<string>,
  onProgress: (rowsDone: number) => void,
): Promise<OpenedSource> {
  const { files, format, source, sourceName } = place
  const unreadable = new UnreadableFile(join(scratchPath, `${sourceName}-unreadable.csv`))
  const used = Object.keys(columns).filter((name) => usedColumns.includes(name))
  const groups = new Map<string, Group>()
  const jsonPaths: string[] = []
  let deliveredRows = 0
  for (const file of files) {
    const dialect = dialectOf(file.name, locationOf(source).csv, sourceName)
    const progress = (records: number): void => onProgress(deliveredRows + records)
    const scan = { file, dialect, sourceName, scratchPath, unreadable, signal, onProgress: progress }
    const toEngine = (path: string): Promise<string> => (path === file.path ? readable(file) : Promise.resolve(path))
    if (format === 'jsonl') {
      const lines = await prepareJsonLines({ ...scan, encoding: dialect.encoding })
      jsonPaths.push(await toEngine(lines.path))
      deliveredRows += lines.records
      continue
    }
    const even = await prepareCsv(scan)
    const key = JSON.stringify([even.names, even.hasHeader, even.lineBreak, dialect.delimiter])
    const group = groups.get(key) ?? { dialect, files: [] }
    group.files.push({ ...even, path: await toEngine(even.path) })
    groups.set(key, group)
    deliveredRows += even.records
  }
  const relations = [...groups.values()].map((group) => relationOfCsv(group.files, group.dialect))
  if (format === 'jsonl') relations.push(relationOfJsonLines(jsonPaths, used))
  const list = used.map((name) => quoteName(name)).join(', ')
  return {
    // Rows are counted even when none of their columns is used.
    relation: `(${relations.map((relation) => `SELECT ${list || '1 AS none'} FROM ${relation}`).join(' UNION ALL ')})`,
    columns: used.length > 0 ? Object.fromEntries(used.map((name) => [name, 'VARCHAR'])) : { none: 'INTEGER' },
    deliveredRows,
    unreadable: unreadable.opened(),
  }
}
