import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeDuckDbEngine } from '../../../src/adapters/duckdb/engine.ts'
import { makeFileReader } from '../../../src/adapters/file-source/file-reader.ts'
import type { FileReaderOptions } from '../../../src/adapters/file-source/file-place.ts'
import type { SourceReader } from '../../../src/ports/source-reader.ts'
import { source, type Source, type SourceLocation } from '../../../src/stages/extract/config.ts'

type FilePlace = Extract<SourceLocation, { file: string }>

export const engine = makeDuckDbEngine({ threads: 2 })

export function fileSource(file: string, csv?: Partial<FilePlace['csv']>, rest: object = {}): Source {
  return source.parse({ from: { file, csv, ...rest }, columns: {} })
}

export function writeIn(folder: string, name: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

/** All that a source gives: its rows, and its records that are no rows. */
export async function readAll(
  folder: string,
  given: Source,
  options: Partial<FileReaderOptions> & { readonly sql?: string; readonly used?: readonly string[] } = {},
) {
  return readAllOf(makeFileReader({ engine, projectFolder: folder, ...options }), folder, given, options)
}

export async function readAllOf(
  reader: SourceReader,
  folder: string,
  given: Source,
  options: { readonly sql?: string; readonly used?: readonly string[] } = {},
) {
  const view = await reader.open()
  const scratchPath = await mkdtemp(join(folder, 'scratch-'))
  const session = await engine.open({ scratchPath, readablePaths: reader.folders?.(given) })
  try {
    const usedColumns = options.used ?? Object.keys(await view.describe(given, 'lines'))
    const request = { source: given, sourceName: 'lines', usedColumns, asOf: null, scratchPath }
    const opened = await view.read(session, request, () => undefined)
    const rows = await session.rows(`${options.sql ?? 'SELECT *'} FROM ${opened.relation}`)
    const { relation } = opened.unreadable
    const unreadable = relation === null ? [] : await session.rows(`SELECT * FROM ${relation} ORDER BY file, line`)
    return { ...opened, rows, unreadable, unreadableCount: opened.unreadable.count, scratchPath }
  } finally {
    await session.close()
    await view.close()
  }
}

/** Writes a file and reads it: rows as lists, unreadable records as [line, problem, text]. */
export async function readWritten(
  folder: string,
  name: string,
  content: string | Buffer,
  csv?: Parameters<typeof fileSource>[1],
) {
  writeIn(folder, name, content)
  const { rows, unreadable, unreadableCount, deliveredRows } = await readAll(folder, fileSource(name, csv))
  if (rows.length !== deliveredRows || unreadable.length !== unreadableCount)
    throw new Error(`${rows.length} rows instead of ${deliveredRows}, ${unreadable.length} of ${unreadableCount} apart`)
  return {
    rows: rows.map((row) => Object.values(row)),
    unreadable: unreadable.map(({ file, line, problem, text }) => {
      if (file !== name) throw new Error(`${String(file)} instead of ${name}`)
      return [Number(line), problem, text]
    }),
  }
}
