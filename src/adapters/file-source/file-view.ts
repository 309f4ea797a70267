import { SourceSchemaChanged } from '../../errors/source-schema-changed.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { OpenedSource, ReadRequest, SourceSample, SourceView } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { dialectOf } from './csv-dialect.ts'
import { describeCsv } from './csv-files.ts'
import { checkEncoding } from './decode-text.ts'
import type { Columns, FilePlace, FileReaderOptions } from './file-place.ts'
import { FileShelf, remembered } from './file-shelf.ts'
import { folderOf, locationOf, type FoundFile } from './find-files.ts'
import { describeJsonLines } from './json-lines.ts'
import { countParquet, describeParquet, relationOfParquet, sampleParquet } from './parquet-files.ts'
import { readText } from './read-text.ts'
import { sampleText } from './sample-text.ts'

export class FileView implements SourceView {
  private readonly options: FileReaderOptions
  private readonly signal: AbortSignal | undefined
  private readonly shelf: FileShelf
  private readonly described = new Map<string, Promise<Columns>>()

  constructor(options: FileReaderOptions, signal: AbortSignal | undefined) {
    this.options = options
    this.signal = signal
    this.shelf = new FileShelf(options, signal)
  }

  async describe(source: Source, sourceName: string): Promise<Columns> {
    const place = await this.placeOf(source, sourceName)
    return remembered(this.described, JSON.stringify(source.from), async () => {
      const names = new Map<string, string>()
      for (const file of place.files)
        for (const [name, type] of Object.entries(await this.describeFile(place, file))) {
          const known = names.get(name)
          // Files that differ in a column's type are read as text, which changes no value.
          names.set(name, known === undefined || known === type ? type : 'VARCHAR')
        }
      return Object.fromEntries(names)
    })
  }

  async sample(source: Source, sourceName: string, rowCount: number): Promise<SourceSample> {
    const place = await this.placeOf(source, sourceName)
    const columns = await this.describe(source, sourceName)
    const samples: SourceSample[] = []
    for (const file of place.files) {
      const wanted = rowCount - samples.reduce((sum, sample) => sum + sample.rows.length, 0)
      if (wanted <= 0 && samples.length > 0) break
      samples.push(await this.sampleFile(place, file, columns, wanted))
    }
    return {
      columns,
      rows: samples.flatMap((sample) => sample.rows),
      lines: samples.flatMap((sample) => sample.lines),
      files: samples.flatMap((sample) => sample.files),
      unreadable: samples.flatMap((sample) => sample.unreadable),
    }
  }

  newest(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  countUpTo(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  async read(
    session: ComputeSession,
    request: ReadRequest,
    onProgress: (rowsDone: number) => void,
  ): Promise<OpenedSource> {
    const { source, sourceName, usedColumns, scratchPath, signal } = request
    const place = await this.placeOf(source, sourceName)
    const columns = await this.describe(source, sourceName)
    const files: FoundFile[] = []
    for (const file of place.files) {
      if (place.format !== 'jsonl') mustHave(await this.describeFile(place, file), usedColumns, file, sourceName)
      files.push(await this.shelf.onDisk(file, sourceName, signal))
    }
    const readable = (file: FoundFile): Promise<string> => this.shelf.readableIn(scratchPath, file)
    let opened: OpenedSource
    if (place.format === 'parquet') {
      const paths = await Promise.all(files.map(readable))
      const deliveredRows = await countParquet(session, paths)
      onProgress(deliveredRows)
      const relation = relationOfParquet(paths, columns, usedColumns)
      opened = { relation, columns, deliveredRows, unreadable: { count: 0, relation: null } }
    } else opened = await readText({ ...place, files }, request, columns, readable, onProgress)
    for (const file of files) await this.shelf.checkUnchanged(file, sourceName)
    return opened
  }

  close(): Promise<void> {
    return this.shelf.close()
  }

  private async placeOf(source: Source, sourceName: string): Promise<FilePlace> {
    const location = locationOf(source)
    checkEncoding(location.csv?.encoding ?? 'utf-8', sourceName)
    return { ...(await this.shelf.list(location, sourceName)), source, sourceName }
  }

  /** Columns of one file. Files of a place may have them in another order. */
  private describeFile(place: FilePlace, file: FoundFile): Promise<Columns> {
    const { source, sourceName, format } = place
    return remembered(this.described, JSON.stringify([source.from, file.name]), async () => {
      const onDisk = await this.shelf.onDisk(file, sourceName)
      if (format === 'parquet')
        return this.looking(source, onDisk, (session) => describeParquet(session, onDisk, sourceName))
      const dialect = dialectOf(file.name, locationOf(source).csv, sourceName)
      const names = await (format === 'csv'
        ? describeCsv(onDisk, dialect, sourceName)
        : describeJsonLines(onDisk, dialect.encoding, sourceName))
      return Object.fromEntries(names.map((name) => [name, 'VARCHAR']))
    })
  }

  private async sampleFile(
    place: FilePlace,
    file: FoundFile,
    columns: Columns,
    rowCount: number,
  ): Promise<SourceSample> {
    const { source, sourceName, format } = place
    const onDisk = await this.shelf.onDisk(file, sourceName)
    if (format !== 'parquet') return sampleText(place, onDisk, columns, rowCount)
    const own = await this.describeFile(place, file)
    const rows = await this.looking(source, onDisk, (session) =>
      sampleParquet(session, onDisk, own, Object.keys(columns), rowCount, sourceName),
    )
    return { columns, rows, lines: rows.map(() => null), files: rows.map(() => file.name), unreadable: [] }
  }

  /** Asks the engine about a file, outside a run. */
  private async looking<T>(source: Source, file: FoundFile, work: (session: ComputeSession) => Promise<T>): Promise<T> {
    const scratchPath = await this.shelf.openFolder()
    const readablePaths = file.object ? [] : [folderOf(locationOf(source), this.options.projectFolder)]
    const session = await this.options.engine.open({ scratchPath, readablePaths, signal: this.signal })
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  }
}

function mustHave(columns: Columns, usedColumns: readonly string[], file: FoundFile, sourceName: string): void {
  const missing = usedColumns.filter((name) => !Object.hasOwn(columns, name))
  if (missing.length === 0) return
  throw new SourceSchemaChanged(
    `Source ${sourceName}: ${file.name} has no column ${missing.join(', ')}; it has ${Object.keys(columns).join(', ')}.`,
    'Every file of a source needs the columns that it maps, in any order. Write the file again, or make it a source of its own.',
  )
}
