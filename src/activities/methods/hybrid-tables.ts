import type { ColumnTable, TypedColumn } from '../../ports/compute-engine.ts'

/** The columns of a reader, by its own names. */
export function renamed({ rowCount, columns }: ColumnTable, names: Readonly<Record<string, string>>): ColumnTable {
  return {
    rowCount,
    columns: Object.fromEntries(Object.entries(names).map(([name, shared]) => [name, columns[shared]!])),
  }
}

export function takeRows({ columns }: ColumnTable, rows: Int32Array): ColumnTable {
  const take = (column: TypedColumn): TypedColumn => {
    if (column instanceof Float64Array) return Float64Array.from(rows, (row) => column[row]!)
    if (column instanceof Int32Array) return rows.map((row) => column[row]!)
    return Array.from(rows, (row) => column[row]!)
  }
  return {
    rowCount: rows.length,
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, take(column)])),
  }
}
