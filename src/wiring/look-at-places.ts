import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeDuckDbEngine } from '../adapters/duckdb/engine.ts'
import { readHead } from '../adapters/file-source/file-head.ts'
import type { Environment } from '../config/environment.ts'
import { SourceUnreadable } from '../errors/source-unreadable.ts'
import { guessMarks, kindOf, type SampledColumn } from '../init/column-kind.ts'
import { guessLayout } from '../init/guess-csv.ts'
import type { LookedPlace } from '../init/guesses.ts'
import { compileFormats, readFormats } from '../init/instant-formats.ts'
import { blankTexts, nullWords, withoutNulls } from '../init/null-words.ts'
import type { Connection } from '../plan/project.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { SourceSample } from '../ports/source-reader.ts'
import type { Source, SourceLocation } from '../stages/extract/config.ts'
import { makeReader } from './readers.ts'

const SAMPLED_ROWS = 20_000
const FORMATTED_VALUES = 200

export interface PlaceRequest {
  readonly name: string
  readonly from: SourceLocation
}

/** Samples files and tables that nobody has described yet. @throws SourceUnreadable, ConnectionFailed, SecretMissing */
export async function lookAtPlaces(
  environment: Environment,
  projectFolder: string,
  connections: Readonly<Record<string, Connection>>,
  requests: readonly PlaceRequest[],
): Promise<readonly LookedPlace[]> {
  const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-init-'))
  const engine = makeDuckDbEngine({
    threads: environment.threads ?? 1,
    memoryLimit: environment.memoryLimit,
    readableFolders: [],
  })
  const reader = makeReader({ environment, engine, scratchFolder: scratchPath }, { connections, projectFolder })
  const view = await reader.open()
  const session = await engine.open({ scratchPath })
  try {
    const looked: LookedPlace[] = []
    for (const { name, from: given } of requests) {
      const from = await withLayout(given, projectFolder)
      const sample = await view.sample(undescribed(from), name, SAMPLED_ROWS)
      looked.push(await describe(session, name, from, sample))
    }
    return looked
  } finally {
    await session.close()
    await view.close()
    await rm(scratchPath, { recursive: true, force: true })
  }
}

/** A source of which nothing is known but where it is. */
function undescribed(from: SourceLocation): Source {
  const unreadable = { do: 'quarantine', maxShare: 1 } as const
  return { from, columns: {}, types: {}, timezone: 'UTC', lookups: [], unreadable, verifyCount: true }
}

/** Says how a text file is laid out. */
async function withLayout(from: SourceLocation, projectFolder: string): Promise<SourceLocation> {
  if (!('file' in from) || !/\.(csv|tsv|txt)(\.gz)?$/i.test(from.file)) return from
  const path = resolve(projectFolder, from.file)
  const { text, encoding } = await readHead(path).catch((cause: unknown) => {
    throw new SourceUnreadable(`${path} cannot be read.`, 'Name a file that is there and may be read.', { cause })
  })
  const layout = guessLayout(text, /\.tsv(\.gz)?$/i.test(from.file) ? '\t' : ',')
  const csv = { ...layout, ...(encoding === 'utf-8' ? {} : { encoding }) }
  return withCsv(from, csv)
}

async function describe(
  session: ComputeSession,
  name: string,
  from: SourceLocation,
  { columns, rows }: SourceSample,
): Promise<LookedPlace> {
  const isText = 'file' in from && Object.values(columns).every((type) => type === 'VARCHAR')
  const valuesOf =
    rows.length === 0
      ? []
      : Object.keys(columns).map((_, at) => rows.flatMap((row) => (row[at]?.trim() ? [row[at].trim()] : [])))
  const written = Object.keys(columns).map((_, at) => rows.flatMap((row) => row[at] ?? []))
  const nulls = isText ? [...nullWords(valuesOf), ...blankTexts(written)] : []
  const marks = guessMarks(isText ? valuesOf.flat() : [])
  const sampled: SampledColumn[] = []
  for (const [at, [column, type]] of Object.entries(columns).entries()) {
    const values = withoutNulls(valuesOf[at] ?? [], nulls)
    const distinct = [...new Set(values)].slice(0, FORMATTED_VALUES)
    const formats = isText && distinct.length > 0 ? readFormats((await session.rows(compileFormats(distinct)))[0]!) : []
    const emptyShare = rows.length === 0 ? 0 : 1 - values.length / rows.length
    sampled.push({ name: column, type, values, emptyShare, ...kindOf(type, values, marks, formats) })
  }
  const format = sampled.find((column) => column.format !== null)?.format
  const options = {
    ...(marks.decimal === '.' ? {} : { decimal: marks.decimal }),
    ...(marks.thousands === undefined ? {} : { thousands: marks.thousands }),
    ...(nulls.length === 0 ? {} : { nulls }),
    ...(format ? { timestampFormat: format } : {}),
  }
  return {
    name,
    from: isText ? withCsv(from, options) : from,
    isTyped: !isText,
    marks,
    columns: sampled,
    sampledRows: rows.length,
    rows,
  }
}

/** Options left out have their defaults. */
function withCsv(from: SourceLocation, csv: object): SourceLocation {
  if (!('file' in from) || Object.keys(csv).length === 0) return from
  return { ...from, csv: { ...from.csv, ...csv } as NonNullable<typeof from.csv> }
}
