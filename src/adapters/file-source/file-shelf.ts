import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdtemp, mkdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { InputFiles } from '../../ports/input-files.ts'
import type { FileReaderOptions } from './file-place.ts'
import { listLocal, makeSet, versionOf, type FileLocation, type FileSet, type FoundFile } from './find-files.ts'

/** The files of a view: listed once, and objects fetched once. */
export class FileShelf {
  private readonly options: FileReaderOptions
  private readonly signal: AbortSignal | undefined
  private readonly sets = new Map<string, Promise<FileSet>>()
  private readonly fetched = new Map<string, Promise<FoundFile>>()
  private folder: Promise<string> | undefined

  constructor(options: FileReaderOptions, signal: AbortSignal | undefined) {
    this.options = options
    this.signal = signal
  }

  /** @throws SourceUnreadable, ConfigInvalid, and what the store of objects throws */
  list(location: FileLocation, sourceName: string): Promise<FileSet> {
    return remembered(this.sets, JSON.stringify(location), async () => {
      const { projectFolder } = this.options
      if (location.connection === undefined)
        return makeSet(await listLocal(location.file, projectFolder), location, `from ${projectFolder}`, sourceName)
      const { connection } = location
      const objects = this.objectsOf(connection, sourceName)
      const listed = await objects.list(location.file, this.signal)
      const files = listed.map((object): FoundFile => ({
        name: objects.uri(object.key),
        path: '',
        isZipped: /\.gz$/i.test(object.key),
        bytes: object.bytes,
        version: object.etag,
        object: { ...object, connection },
      }))
      return makeSet(files, location, `in connection ${connection}`, sourceName)
    })
  }

  /** The file on the worker's disk. */
  onDisk(file: FoundFile, sourceName: string, signal = this.signal): Promise<FoundFile> {
    const { object } = file
    if (!object) return Promise.resolve(file)
    return remembered(this.fetched, file.name, async () => {
      const path = join(await this.openFolder(), `${randomUUID()}-${basename(object.key)}`)
      await this.objectsOf(object.connection, sourceName).fetchToFile(object, path, signal)
      return { ...file, path }
    })
  }

  /** Path at which a session with this scratch may read the file as it is. */
  async readableIn(scratchPath: string, { path, object }: FoundFile): Promise<string> {
    if (!object) return path
    const readable = join(scratchPath, basename(path))
    // Linking costs nothing; between two disks it is not possible.
    await link(path, readable).catch(() => copyFile(path, readable))
    return readable
  }

  /** @throws SourceUnreadable when a local file is not as it was when it was listed */
  async checkUnchanged(file: FoundFile, sourceName: string): Promise<void> {
    if (file.object) return
    const now = await stat(file.path, { bigint: true }).then(versionOf, () => 'gone')
    if (now === file.version) return
    throw new SourceUnreadable(
      `Source ${sourceName}: ${file.name} was changed while it was read.`,
      'Wait until it is written to its end, then start the next revision.',
    )
  }

  async openFolder(): Promise<string> {
    return (this.folder ??= this.makeFolder())
  }

  async close(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true })
  }

  private async makeFolder(): Promise<string> {
    const parent = this.options.scratchFolder ?? tmpdir()
    await mkdir(parent, { recursive: true })
    return mkdtemp(join(parent, 'files-'))
  }

  private objectsOf(connection: string, sourceName: string): InputFiles {
    const { objects } = this.options
    if (objects) return objects(connection)
    throw new ConfigInvalid(
      `Source ${sourceName} is behind connection ${connection}, and no bucket can be read here.`,
      'Use a local file.',
    )
  }
}

/** What failed is asked for again the next time. */
export function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = known.get(key)
  if (!value) {
    known.set(key, (value = make()))
    value.catch(() => known.delete(key))
  }
  return value
}
