import { makeFileReader } from '../adapters/file-source/file-reader.ts'
import { makePostgresReader } from '../adapters/postgres-source/postgres-reader.ts'
import { makeLocatedReader } from '../adapters/source-locations/located-reader.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComputeEngine } from '../ports/compute-engine.ts'
import type { InputFiles } from '../ports/input-files.ts'
import type { SourceReader } from '../ports/source-reader.ts'
import { findPostgres } from './find-connection.ts'

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 }

export interface ReaderOptions {
  readonly environment: Environment
  readonly engine: ComputeEngine
  /** Where fetched objects lie for as long as they are read. */
  readonly scratchFolder: string
  /** Files of an S3 connection. */
  readonly objects?: (connection: string) => InputFiles
}

/** The reader for all sources of a definition. A connection is looked up when a source needs it. */
export function makeReader(
  { environment, engine, scratchFolder, objects }: ReaderOptions,
  { connections, projectFolder }: Pick<Definition, 'connections' | 'projectFolder'>,
): SourceReader {
  return makeLocatedReader({
    files: makeFileReader({ engine, projectFolder, scratchFolder, objects }),
    /** @throws ConfigInvalid, SecretMissing */
    postgres(connectionName) {
      const connectionUrl = environment.secret(findPostgres(connections, connectionName))
      const connection = connections[connectionName]!
      const limits =
        'maxParallel' in connection
          ? { maxParallel: connection.maxParallel, statementTimeoutMs: toMs(connection.statementTimeout) }
          : {}
      return makePostgresReader({ connectionUrl, connectionName, ...limits })
    },
  })
}

/** `90s`, `30m` or `2h`. */
function toMs(duration: string): number {
  return Number(duration.slice(0, -1)) * UNIT_MS[duration.slice(-1) as keyof typeof UNIT_MS]
}
