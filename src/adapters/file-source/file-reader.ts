import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { ComputeEngine, ComputeSession } from '../../ports/compute-engine.ts'
import type { OpenedSource, SourceReader } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { unzip } from './unzip.ts'

export interface FileReaderOptions {
  /** Looks into files when a source is described outside a run. */
  readonly engine: ComputeEngine
  /** Where relative `file:` locations begin. */
  readonly projectFolder: string
}

type Columns = Readonly<Record<string, string>>

interface FileSet {
  /** Absolute paths, sorted. */
  readonly paths: readonly string[]
  readonly format: 'csv' | 'parquet'
  readonly delimiter: string
}

/** Reads CSV, CSV.gz and Parquet files of a folder. */
export function makeFileReader({ engine, projectFolder }: FileReaderOptions): SourceReader {
  const folderOf = (source: Source): string => {
    const pattern = resolve(projectFolder, locationOf(source).file)
    const literal = pattern.slice(0, pattern.search(/[*?[]|$/))
    return literal === pattern ? dirname(pattern) : dirname(`${literal}x`)
  }
  // A run describes a source and then reads it: looking into its files once is enough.
  const known = new Map<string, Columns>()
  const look = async (session: ComputeSession, source: Source, sourceName: string): Promise<[FileSet, Columns]> => {
    const files = await findFiles(session, source, sourceName, projectFolder)
    const key = JSON.stringify(files)
    const columns = known.get(key) ?? (await describeFiles(session, files, sourceName))
    known.set(key, columns)
    return [files, columns]
  }
  return {
    folders: (source) => [folderOf(source)],
    async describe(source, sourceName) {
      const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-describe-'))
      const session = await engine.open({ scratchPath, readablePaths: [folderOf(source)] })
      try {
        const [, columns] = await look(session, source, sourceName)
        return columns
      } finally {
        await session.close()
        await rm(scratchPath, { recursive: true, force: true })
      }
    },
    async read(session, { source, sourceName, scratchPath, signal }): Promise<OpenedSource> {
      const [files, columns] = await look(session, source, sourceName)
      const paths: string[] = []
      for (const path of files.paths)
        paths.push(path.endsWith('.gz') ? await unzip(path, join(scratchPath, sourceName), sourceName, signal) : path)
      return { relation: relationOf({ ...files, paths }, columns), columns, deliveredRows: null }
    },
  }
}

function locationOf(source: Source): Extract<Source['from'], { file: string }> {
  if ('file' in source.from) return source.from
  throw new Error('The file reader was given a source behind a connection.')
}

async function findFiles(
  session: ComputeSession,
  source: Source,
  sourceName: string,
  projectFolder: string,
): Promise<FileSet> {
  const { file, delimiter = ',' } = locationOf(source)
  const pattern = resolve(projectFolder, file)
  const found = await session.rows(`SELECT file FROM glob(${quoteText(pattern)}) ORDER BY file`)
  const paths = found.map((row) => String(row.file))
  if (paths.length === 0)
    throw new SourceUnreadable(
      `Source ${sourceName}: no file matches ${pattern} (\`file: ${file}\`, looked for from ${resolve(projectFolder)}).`,
      'Put the file there, or correct the path. A worker on another machine needs the same folder.',
    )
  const formats = new Set(paths.map((path) => formatOf(path)))
  const [format] = formats
  if (formats.size > 1 || !format)
    throw new ConfigInvalid(
      `Source ${sourceName}: ${paths.map((path) => basename(path)).join(', ')} are not all CSV or all Parquet, going by their extensions.`,
      'Use files that end in .csv, .csv.gz or .parquet, one kind in a source.',
    )
  return { paths, format, delimiter }
}

function formatOf(path: string): FileSet['format'] | undefined {
  const extension = extname(path.replace(/\.gz$/, ''))
  if (extension === '.parquet' && !path.endsWith('.gz')) return 'parquet'
  return ['.csv', '.tsv', '.txt'].includes(extension) ? 'csv' : undefined
}

/** Looks into every file: they must agree, or a column would silently be read under another one's name. */
async function describeFiles(session: ComputeSession, files: FileSet, sourceName: string): Promise<Columns> {
  let first: { readonly path: string; readonly columns: Columns } | undefined
  for (const path of files.paths) {
    const columns = await describeFile(session, { ...files, paths: [path] }, path, sourceName)
    if (first && JSON.stringify(Object.entries(first.columns)) !== JSON.stringify(Object.entries(columns)))
      throw new SourceSchemaChanged(
        `Source ${sourceName}: ${basename(path)} has the columns ${listOf(columns)}, and ${basename(first.path)} has ${listOf(first.columns)}.`,
        'Give all files of a source the same columns in the same order, or make them two sources.',
      )
    first ??= { path, columns }
  }
  return first!.columns
}

async function describeFile(
  session: ComputeSession,
  files: FileSet,
  path: string,
  sourceName: string,
): Promise<Columns> {
  try {
    if ((await stat(path)).size === 0)
      throw new SourceUnreadable(
        `Source ${sourceName}: ${path} is empty, without even a header line.`,
        'Write the file again: its first line names the columns.',
      )
    const rows = await session.rows(`DESCRIBE SELECT * FROM ${relationOf(files, undefined)}`)
    return Object.fromEntries(rows.map((row) => [String(row.column_name), String(row.column_type)]))
  } catch (error) {
    if (error instanceof ResegmentError || !(error instanceof Error)) throw error
    const kind = path.endsWith('.gz')
      ? 'a gzipped CSV file'
      : files.format === 'csv'
        ? 'a CSV file in UTF-8'
        : 'Parquet'
    throw new SourceUnreadable(
      `Source ${sourceName}: ${path} cannot be read as ${kind}: ${error.message.split('\n')[0]}`,
      'Write the file again, or give it the extension of what it is; other encodings than UTF-8 must be converted.',
      { cause: error },
    )
  }
}

/** @param columns undefined: let the engine read the header */
function relationOf(files: FileSet, columns: Columns | undefined): string {
  const list = `[${files.paths.map(quoteText).join(', ')}]`
  if (files.format === 'parquet') return `read_parquet(${list}, union_by_name = false, hive_partitioning = false)`
  const options = [
    'header = true',
    `delim = ${quoteText(files.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    'union_by_name = false',
    'hive_partitioning = false',
    `compression = ${files.paths.every((path) => path.endsWith('.gz')) ? `'gzip'` : `'none'`}`,
    // With the columns given nothing is guessed from a sample: every run reads the same file in the same way.
    ...(columns
      ? [
          'auto_detect = false',
          `columns = {${Object.keys(columns)
            .map((name) => `${quoteText(name)}: 'VARCHAR'`)
            .join(', ')}}`,
        ]
      : // Rows that do not fit the header are reported when they are read, with their line.
        ['all_varchar = true', 'ignore_errors = true']),
  ]
  return `read_csv(${list}, ${options.join(', ')})`
}

function listOf(columns: Columns): string {
  return Object.keys(columns).join(', ')
}
