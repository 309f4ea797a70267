import type { TableKeys } from './unique-keys.ts'

/** What one stage has the engine run: every query its compile functions make, with the tables they read. */
export interface CompiledQueries {
  /** `create table …`: the real columns and types. */
  readonly tables: readonly string[]
  readonly keys: TableKeys
  /** Select statements by name; `read_parquet(['<table>'])` is read as that table. */
  readonly queries: Readonly<Record<string, string>>
}
