import { DuckDBTypeId, type DuckDBDataChunk, type DuckDBResult } from '@duckdb/node-api'
import type { ColumnTable, TypedColumn } from '../../ports/compute-engine.ts'

const doubles: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.DOUBLE, DuckDBTypeId.FLOAT])
const integers: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UTINYINT,
])

/** Reads a result chunk by chunk into one typed array a column. */
export async function readColumns(result: DuckDBResult): Promise<ColumnTable> {
  const names = result.deduplicatedColumnNames()
  const chunks: DuckDBDataChunk[] = []
  let rowCount = 0
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    chunks.push(chunk)
    rowCount += chunk.rowCount
  }
  return {
    rowCount,
    columns: Object.fromEntries(
      names.map((name, index) => [name, readColumn(chunks, index, result.columnTypeId(index), name, rowCount)]),
    ),
  }
}

function readColumn(
  chunks: readonly DuckDBDataChunk[],
  index: number,
  type: DuckDBTypeId,
  name: string,
  rowCount: number,
): TypedColumn {
  if (doubles.has(type)) {
    const values = new Float64Array(rowCount)
    forEachValue(chunks, index, (value, row) => {
      values[row] = value === null ? Number.NaN : (value as number)
    })
    return values
  }
  if (integers.has(type)) {
    const values = new Int32Array(rowCount)
    forEachValue(chunks, index, (value, row) => {
      if (value === null) throw new Error(`Column ${name} holds NULL in row ${row + 1}, and integers cannot say so.`)
      values[row] = value as number
    })
    return values
  }
  const values = new Array<string | null>(rowCount)
  forEachValue(chunks, index, (value, row) => {
    // Every value class of the library writes itself as the engine's own text.
    values[row] = value === null ? null : String(value)
  })
  return values
}

function forEachValue(
  chunks: readonly DuckDBDataChunk[],
  index: number,
  visit: (value: unknown, row: number) => void,
): void {
  let row = 0
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(index)
    // The library asks the engine each time.
    const { rowCount } = chunk
    for (let item = 0; item < rowCount; item++) visit(vector.getItem(item), row++)
  }
}
