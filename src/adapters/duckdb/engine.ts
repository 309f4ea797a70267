import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { ComputeEngine, ComputeSession, SessionOptions } from '../../ports/compute-engine.ts'
import { DuckDbSession } from './session.ts'
import { quoteText } from '../../sql/sql-text.ts'

export interface DuckDbEngineOptions {
  /** Threads of one session. More make a session faster and hungrier; results do not depend on it. */
  readonly threads: number
  /** Memory of one session before it spills to scratch, as `512MB`. Default: 1GB. */
  readonly memoryLimit?: string
  /** Folders every session may read: the store's cache. Anything outside them and the session's scratch is refused. */
  readonly readableFolders?: readonly string[]
}

/** DuckDB, embedded: each session is its own in-memory database that spills to its scratch folder. */
export function makeDuckDbEngine(options: DuckDbEngineOptions): ComputeEngine {
  return {
    async open(session: SessionOptions): Promise<ComputeSession> {
      session.signal?.throwIfAborted()
      const scratchPath = resolve(session.scratchPath)
      const spillPath = join(scratchPath, 'spill')
      await mkdir(spillPath, { recursive: true })
      const instance = await DuckDBInstance.create(':memory:', {
        threads: String(options.threads),
        memory_limit: options.memoryLimit ?? '1GB',
        temp_directory: spillPath,
        // Extensions would be downloaded: a run must not depend on what a network gives it. icu, json and parquet are built in.
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      })
      const connection = await instance.connect()
      const folders = [scratchPath, ...(options.readableFolders ?? []), ...(session.readablePaths ?? [])]
      const allowed = folders.map((folder) => quoteText(`${resolve(folder)}/`)).join(', ')
      await connection.run("SET TimeZone = 'UTC'")
      // SQL of a definition is trusted with data, not with the machine.
      await connection.run(`SET allowed_directories = [${allowed}]`)
      await connection.run('SET enable_external_access = false')
      await connection.run('SET lock_configuration = true')
      return new DuckDbSession(instance, connection, session.signal)
    },
  }
}
