import { DOUBLE, DuckDBDataChunk, INTEGER, VARCHAR, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api'
import type { ColumnTable, TypedColumn } from '../../ports/compute-engine.ts'
import { quoteName } from '../../sql/sql-text.ts'

/** The engine's own vector size; a chunk cannot be larger. */
const CHUNK_ROWS = 2048
/** The appender works on the main thread: heartbeats get their turn this often. */
const ROWS_BETWEEN_PAUSES = 32 * CHUNK_ROWS

/** Makes a table of typed arrays, through the appender. */
export async function appendTable(
  connection: DuckDBConnection,
  name: string,
  table: ColumnTable,
  throwIfAborted: () => void,
): Promise<void> {
  const columns = Object.entries(table.columns)
  for (const [column, values] of columns) {
    if (values.length !== table.rowCount)
      throw new Error(`Column ${column} of ${name} has ${values.length} values instead of ${table.rowCount}.`)
  }
  const types = columns.map(([, values]) => typeOf(values))
  const definition = columns.map(([column], index) => `${quoteName(column)} ${types[index]!.toString()}`).join(', ')
  await connection.run(`CREATE TABLE ${quoteName(name)} (${definition})`)
  const appender = await connection.createAppender(name)
  try {
    for (let start = 0; start < table.rowCount; start += CHUNK_ROWS) {
      if (start % ROWS_BETWEEN_PAUSES === 0) await new Promise<void>((resume) => setImmediate(resume))
      throwIfAborted()
      const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK_ROWS, table.rowCount - start))
      columns.forEach(([, values], index) => fillVector(chunk, index, values, start))
      appender.appendDataChunk(chunk)
    }
  } finally {
    appender.closeSync()
  }
}

function typeOf(values: TypedColumn): DuckDBType {
  if (values instanceof Float64Array) return DOUBLE
  return values instanceof Int32Array ? INTEGER : VARCHAR
}

function fillVector(chunk: DuckDBDataChunk, index: number, values: TypedColumn, start: number): void {
  const vector = chunk.getColumnVector(index)
  // The library asks the engine each time.
  const { rowCount } = chunk
  for (let item = 0; item < rowCount; item++) {
    const value = values[start + item]!
    vector.setItem(item, Number.isNaN(value) ? null : value)
  }
  // The vector holds a copy: without this the chunk is appended with whatever its memory held before.
  vector.flush()
}
