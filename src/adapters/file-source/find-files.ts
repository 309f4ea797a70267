import { glob, stat } from 'node:fs/promises'
import { dirname, extname, relative, resolve } from 'node:path'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { InputFile } from '../../ports/input-files.ts'
import type { Source, SourceLocation } from '../../stages/extract/config.ts'

export type FileLocation = Extract<SourceLocation, { file: string }>
export type FileFormat = 'csv' | 'parquet' | 'jsonl'

export interface FoundFile {
  /** For messages: relative to the project, or a URI. */
  readonly name: string
  /** Absolute; empty until an object was fetched. */
  readonly path: string
  readonly isZipped: boolean
  readonly bytes: number
  /** Changes when the content does. */
  readonly version: string
  /** Undefined: on the worker's disk. */
  readonly object: (InputFile & { readonly connection: string }) | undefined
}

export interface FileSet {
  /** Sorted by name. */
  readonly files: readonly FoundFile[]
  readonly format: FileFormat
}

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.parquet': 'parquet',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
}

export function locationOf({ from }: Source): FileLocation {
  if ('file' in from) return from
  throw new Error('The file reader was given a source behind a connection, or one of several places.')
}

/** The folder in which everything lies that a local pattern can match. */
export function folderOf(location: FileLocation, projectFolder: string): string {
  const pattern = resolve(projectFolder, location.file)
  const literal = pattern.slice(0, pattern.search(/[*?[{]|$/))
  return literal === pattern ? dirname(pattern) : dirname(`${literal}x`)
}

/** Files on disk that a path or pattern names. */
export async function listLocal(file: string, projectFolder: string): Promise<readonly FoundFile[]> {
  const pattern = resolve(projectFolder, file)
  const paths: string[] = []
  // A file may have a name that looks like a pattern.
  if (await isFile(pattern)) paths.push(pattern)
  else for await (const path of glob(pattern)) paths.push(resolve(path))
  const found: FoundFile[] = []
  for (const path of paths.toSorted()) {
    const stats = await stat(path, { bigint: true })
    if (!stats.isFile()) continue
    const inProject = relative(projectFolder, path)
    found.push({
      name: inProject.startsWith('..') ? path : inProject,
      path,
      isZipped: /\.gz$/i.test(path),
      bytes: Number(stats.size),
      version: versionOf(stats),
      object: undefined,
    })
  }
  return found
}

export function versionOf({ size, mtimeNs }: { readonly size: bigint; readonly mtimeNs: bigint }): string {
  return `${size}-${mtimeNs}`
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
}

/** @throws SourceUnreadable when there are none, ConfigInvalid when it is unclear what they are */
export function makeSet(
  files: readonly FoundFile[],
  location: FileLocation,
  where: string,
  sourceName: string,
): FileSet {
  if (files.length === 0)
    throw new SourceUnreadable(
      `Source ${sourceName}: no file matches \`file: ${location.file}\`, looked for ${where}.`,
      location.connection === undefined
        ? 'Put the file there, or correct the path. A worker on another machine needs the same folder.'
        : 'Put the file there, or correct the path; it begins at the top of the bucket.',
    )
  const formats = new Set(files.map((file) => location.format ?? formatOf(file.name)))
  const [format] = formats
  if (formats.size > 1 || !format)
    throw new ConfigInvalid(
      `Source ${sourceName}: ${files.map((file) => file.name).join(', ')} are not all of one format, going by their extensions.`,
      'Use .csv, .tsv or .txt for CSV, .jsonl or .ndjson for JSON lines, .parquet for Parquet, one kind in a place; or set `format`.',
    )
  if (format === 'parquet' && files.some((file) => file.isZipped))
    throw new ConfigInvalid(
      `Source ${sourceName}: ${files.find((file) => file.isZipped)!.name} is zipped, and Parquet is compressed inside.`,
      'Unzip it.',
    )
  return { files, format }
}

function formatOf(name: string): FileFormat | undefined {
  return FORMATS[extname(name.replace(/\.gz$/i, '')).toLowerCase()]
}
