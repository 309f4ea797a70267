import { extname, join } from 'node:path'
import { CONTRACT_VERSION, fileTables, type FileColumn, type FileTableName } from '../../run/file-tables.ts'
import { formatRunId } from '../../run/run-key.ts'
import { quoteName } from '../../sql/sql-text.ts'
import { createRunTables } from './run-tables.ts'
import { selectTable } from './table-queries.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { Publication } from '../../ports/destination.ts'

export interface RunFile {
  /** Under the run's folder. */
  readonly path: string
  readonly localPath: string
  readonly contentType: string
  /** Null: it is a report. */
  readonly table: FileTableName | null
  readonly rows: number | null
}

const PART_DIGITS = 5
const DIGEST_DIGITS = 12
/** Small enough to skip the segments that nobody asked for, large enough to read fast. */
const ROW_GROUP_ROWS = 122_880
const PARQUET = 'application/vnd.apache.parquet'
const sqlTypes: Readonly<Record<FileColumn['type'], string>> = {
  text: 'VARCHAR',
  double: 'DOUBLE',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMPTZ',
}

/**
 * Two results of one run and revision may be written at once, so a file's name ends with the start of its result's digest: neither
 * replaces the other's.
 */
function nameFile(stem: string, digest: string, extension: string): string {
  return `${stem}-${digest.slice(0, DIGEST_DIGITS)}${extension}`
}

/** A file that `makeRunFiles` named, for another result than this. */
export function isOfOtherResult(key: string, digest: string): boolean {
  const found = /-(?<start>[0-9a-f]{12})\.(?:parquet|html)$/.exec(key)?.groups?.start
  return found !== undefined && found !== digest.slice(0, DIGEST_DIGITS)
}

/** Makes the files of a run in scratch: the columns of the views, as far as they are known before the warehouse has switched. */
export async function makeRunFiles(
  session: ComputeSession,
  publication: Publication,
  scratchPath: string,
): Promise<readonly RunFile[]> {
  await createRunTables(session, publication)
  const files: RunFile[] = []
  const counted = new Map<FileTableName, number>()
  for (const { table, query } of selectTable(publication)) {
    const part = counted.get(table) ?? 0
    counted.set(table, part + 1)
    const { columns, key } = fileTables[table]
    const path = nameFile(`${table}/part-${String(part).padStart(PART_DIGITS, '0')}`, publication.digest, '.parquet')
    const localPath = join(scratchPath, path.replaceAll('/', '-'))
    const typed = columns.map(({ name, type }) => `CAST(${quoteName(name)} AS ${sqlTypes[type]}) AS ${quoteName(name)}`)
    const written = await session.writeParquet(
      `SELECT ${typed.join(', ')} FROM (${query})`,
      key.map(quoteName).join(', '),
      localPath,
      [],
      { rowGroupRows: ROW_GROUP_ROWS, metadata: describeFile(publication, table) },
    )
    files.push({ path, localPath, contentType: PARQUET, table, rows: written.rows.rowCount })
  }
  return [...files, ...nameReports(publication)]
}

/** What a file says of itself when it has left its folder. */
function describeFile({ plan, digest }: Publication, table: FileTableName): Readonly<Record<string, string>> {
  return {
    'resegment.contractVersion': String(CONTRACT_VERSION),
    'resegment.table': table,
    'resegment.pipeline': plan.pipeline,
    'resegment.run': formatRunId(plan),
    'resegment.asOf': plan.asOf,
    'resegment.digest': digest,
  }
}

/** Pages for people lie beside the tables; no reader of a table's folder meets them. */
function nameReports({ reportFiles = [], digest }: Publication): readonly RunFile[] {
  return reportFiles.map(({ name, localPath }) => ({
    path: nameFile(name, digest, extname(localPath)),
    localPath,
    contentType: 'text/html; charset=utf-8',
    table: null,
    rows: null,
  }))
}
