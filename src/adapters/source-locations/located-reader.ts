import { quoteName } from '../../sql/sql-text.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { OpenedSource, ReadRequest, SourceReader, SourceSample, SourceView } from '../../ports/source-reader.ts'
import type { Source, SourceLocation } from '../../stages/extract/config.ts'
import { unite, type Columns } from './unite.ts'

export interface ReadersByPlace {
  /** Files on the worker's disk, and those of S3 connections. */
  readonly files: SourceReader
  /** Called once a connection. */
  postgres(connection: string): SourceReader
}

/** A place of a source, as a source of this place alone. */
interface Part {
  readonly source: Source
  readonly reader: SourceReader
}

/** Sends each place of a source to its reader, and makes several places one source. */
export function makeLocatedReader(readers: ReadersByPlace): SourceReader {
  const postgres = new Map<string, SourceReader>()
  const readerOf = (location: SourceLocation): SourceReader => {
    if ('file' in location) return readers.files
    let reader = postgres.get(location.connection)
    if (!reader) postgres.set(location.connection, (reader = readers.postgres(location.connection)))
    return reader
  }
  const partsOf = (source: Source): readonly Part[] =>
    [source.from].flat().map((from) => ({ source: { ...source, from }, reader: readerOf(from) }))
  return {
    folders: (source) => partsOf(source).flatMap((part) => part.reader.folders?.(part.source) ?? []),
    async describe(source, sourceName) {
      const described = await Promise.all(partsOf(source).map((part) => part.reader.describe(part.source, sourceName)))
      return unite(described)
    },
    open: (signal) => Promise.resolve(new LocatedView(partsOf, signal)),
  }
}

class LocatedView implements SourceView {
  private readonly partsOf: (source: Source) => readonly Part[]
  private readonly signal: AbortSignal | undefined
  private readonly views = new Map<SourceReader, Promise<SourceView>>()

  constructor(partsOf: (source: Source) => readonly Part[], signal: AbortSignal | undefined) {
    this.partsOf = partsOf
    this.signal = signal
  }

  async describe(source: Source, sourceName: string): Promise<Columns> {
    return unite(await this.eachPart(source, (view, part) => view.describe(part, sourceName)))
  }

  async sample(source: Source, sourceName: string, rowCount: number): Promise<SourceSample> {
    const samples = await this.eachPart(source, (view, part) => view.sample(part, sourceName, rowCount))
    const columns = unite(samples.map((sample) => sample.columns))
    const names = Object.keys(columns)
    const wide = samples.flatMap((sample) => {
      const places = names.map((name) => Object.keys(sample.columns).indexOf(name))
      return sample.rows.map((row) => places.map((place) => row[place] ?? null))
    })
    return {
      columns,
      rows: wide.slice(0, rowCount),
      lines: samples.flatMap((sample) => sample.lines).slice(0, rowCount),
      files: samples.flatMap((sample) => sample.files).slice(0, rowCount),
      unreadable: samples.flatMap((sample) => sample.unreadable),
    }
  }

  async newest(source: Source, sourceName: string, column: string): Promise<string | null | undefined> {
    const found = await this.eachPart(source, (view, part) => view.newest(part, sourceName, column))
    // Texts of several places need not be written alike.
    return found.length === 1 ? found[0] : undefined
  }

  async countUpTo(source: Source, sourceName: string, limit: number): Promise<number | undefined> {
    const counts = await this.eachPart(source, (view, part) => view.countUpTo(part, sourceName, limit))
    if (counts.includes(undefined)) return undefined
    return Math.min(
      counts.reduce((sum: number, count) => sum + count!, 0),
      limit,
    )
  }

  async read(
    session: ComputeSession,
    request: ReadRequest,
    onProgress: (rowsDone: number) => void,
  ): Promise<OpenedSource> {
    const parts = this.partsOf(request.source)
    if (parts.length === 1) {
      const [{ source, reader }] = parts as [Part]
      return (await this.view(reader)).read(session, { ...request, source }, onProgress)
    }
    const done = parts.map(() => 0)
    const opened = await Promise.all(
      parts.map(async ({ source, reader }, index) => {
        const scratchPath = join(request.scratchPath, `place-${index + 1}`)
        await mkdir(scratchPath, { recursive: true })
        const view = await this.view(reader)
        mustHave(await view.describe(source, request.sourceName), request, source.from)
        return view.read(session, { ...request, source, scratchPath }, (rowsDone) => {
          done[index] = rowsDone
          onProgress(done.reduce((sum, rows) => sum + rows, 0))
        })
      }),
    )
    return joinOpened(opened, request.usedColumns)
  }

  async close(): Promise<void> {
    for (const view of this.views.values()) await (await view.catch(() => undefined))?.close()
  }

  private view(reader: SourceReader): Promise<SourceView> {
    let view = this.views.get(reader)
    if (!view) this.views.set(reader, (view = reader.open(this.signal)))
    return view
  }

  private eachPart<T>(source: Source, work: (view: SourceView, part: Source) => Promise<T>): Promise<T[]> {
    return Promise.all(this.partsOf(source).map(async (part) => work(await this.view(part.reader), part.source)))
  }
}

function mustHave(columns: Columns, { usedColumns, sourceName }: ReadRequest, from: Source['from']): void {
  const missing = usedColumns.filter((name) => !Object.hasOwn(columns, name))
  if (missing.length === 0) return
  const place = Object.values(from).find((value) => typeof value === 'string' && value !== '')
  throw new SourceSchemaChanged(
    `Source ${sourceName}: ${String('file' in from ? from.file : 'table' in from ? from.table : place)} has no column ${missing.join(', ')}; it has ${Object.keys(columns).join(', ')}.`,
    'Every place of a source needs the columns that it maps. Correct the place, or make it a source of its own.',
  )
}

/** One relation of the columns that every place has. */
function joinOpened(opened: readonly OpenedSource[], usedColumns: readonly string[]): OpenedSource {
  const columns = unite(opened.map((one) => one.columns))
  const used = Object.entries(columns).filter(([name]) => usedColumns.includes(name))
  const selects = opened.map((one) => {
    const list = used.map(([name, type]) => {
      const column = quoteName(name)
      return one.columns[name] === type ? column : `CAST(${column} AS VARCHAR) AS ${column}`
    })
    // Rows are counted even when none of their columns is used.
    return `SELECT ${list.length > 0 ? list.join(', ') : '1 AS none'} FROM ${one.relation}`
  })
  const counts = opened.map((one) => one.deliveredRows)
  const unreadable = opened.filter((one) => one.unreadable.relation !== null)
  return {
    relation: `(${selects.join(' UNION ALL ')})`,
    columns: used.length > 0 ? Object.fromEntries(used) : { none: 'BIGINT' },
    deliveredRows: counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0),
    unreadable: {
      count: unreadable.reduce((sum, one) => sum + one.unreadable.count, 0),
      relation:
        unreadable.length === 0
          ? null
          : `(${unreadable.map((one) => `SELECT * FROM ${one.unreadable.relation}`).join(' UNION ALL ')})`,
    },
  }
}
