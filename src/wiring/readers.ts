import { makeFileReader } from '../adapters/file-source/file-reader.ts'
import { makePostgresReader } from '../adapters/postgres-source/postgres-reader.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComputeEngine } from '../ports/compute-engine.ts'
import type { SourceReader } from '../ports/source-reader.ts'
import type { Source } from '../stages/extract/config.ts'
import { findPostgres } from './find-connection.ts'

/** The reader for where a source is. @throws ConfigInvalid, SecretMissing */
export function makeReader(
  environment: Environment,
  engine: ComputeEngine,
  { connections, projectFolder }: Pick<Definition, 'connections' | 'projectFolder'>,
  { from }: Source,
): SourceReader {
  if ('file' in from) return makeFileReader({ engine, projectFolder })
  const connectionUrl = environment.secret(findPostgres(connections, from.connection))
  return makePostgresReader({ connectionUrl, connectionName: from.connection })
}
