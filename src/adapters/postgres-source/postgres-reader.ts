import { quoteName } from '../../sql/sql-text.ts'
import type { SourceReader, SourceSample, SourceView } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { engineType, instantKind, type SourceColumn } from './column-types.ts'
import { describeColumns } from './copy-out.ts'
import { toSourceFailure } from './postgres-failures.ts'
import { relationOf } from './relation.ts'
import { Snapshot, type SnapshotOptions } from './snapshot.ts'
import { readVerified } from './verified-read.ts'
import type { Client } from 'pg'

/** Reads tables and queries of a Postgres database, by COPY into files of the session's scratch. */
export function makePostgresReader(options: SnapshotOptions): SourceReader {
  return {
    async describe(source, sourceName) {
      const view = openView(options, undefined)
      try {
        return await view.describe(source, sourceName)
      } finally {
        await view.close()
      }
    },
    open: (signal) => Promise.resolve(openView(options, signal)),
  }
}

function openView(options: SnapshotOptions, openSignal: AbortSignal | undefined): SourceView {
  const snapshot = new Snapshot(options)
  const using = async <T>(
    source: Source,
    sourceName: string,
    work: (client: Client) => Promise<T>,
    signal = openSignal,
  ): Promise<T> => {
    try {
      return await snapshot.use(work, signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw await toSourceFailure(error, { ...options, source, sourceName, snapshot })
    }
  }
  return {
    describe: (source, sourceName) =>
      using(source, sourceName, async (client) => typesOf(await describeColumns(client, source))),
    sample: (source, sourceName, rowCount) =>
      using(source, sourceName, (client) => sampleRows(client, source, rowCount)),
    newest: (source, sourceName, column) => using(source, sourceName, (client) => newestValue(client, source, column)),
    countUpTo: (source, sourceName, limit) => using(source, sourceName, (client) => countRows(client, source, limit)),
    read: (_session, request, onProgress) =>
      readVerified(
        (work, signal) => using(request.source, request.sourceName, work, signal),
        request,
        onProgress,
        request.signal ?? openSignal,
      ),
    close: () => snapshot.close(),
  }
}

function typesOf(columns: readonly SourceColumn[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column) => [column.name, engineType(column)]))
}

async function sampleRows(client: Client, source: Source, rowCount: number): Promise<SourceSample> {
  const columns = await describeColumns(client, source)
  const texts = columns.map((column) => `${quoteName(column.name)}::text`)
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${texts.join(', ')} FROM ${relationOf(source)} LIMIT ${rowCount}`,
    rowMode: 'array',
  })
  const none = rows.map(() => null)
  return { columns: typesOf(columns), rows, lines: none, files: none, unreadable: [] }
}

async function newestValue(client: Client, source: Source, name: string): Promise<string | null | undefined> {
  const column = (await describeColumns(client, source)).find((candidate) => candidate.name === name)
  if (!column || !instantKind(column)) return undefined
  const { rows } = await client.query<{ newest: string | null }>(
    `SELECT max(${quoteName(name)})::text AS newest FROM ${relationOf(source)}`,
  )
  return rows[0]!.newest
}

async function countRows(client: Client, source: Source, limit: number): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM (SELECT 1 FROM ${relationOf(source)} LIMIT ${limit}) AS counted`,
  )
  return Number(rows[0]!.count)
}
