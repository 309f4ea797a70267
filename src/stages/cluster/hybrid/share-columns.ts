type Columns = Readonly<Record<string, string>>

export interface SharedColumns {
  /** Name → SQL; every SQL once. */
  readonly columns: Columns
  /** One a list: own name → shared name. */
  readonly names: readonly Columns[]
}

/** What several readers want of the same rows, read once: each list is name → SQL. */
export function shareColumns(lists: readonly Columns[]): SharedColumns {
  const shared = new Map<string, string>()
  const names = lists.map((list) =>
    Object.fromEntries(
      Object.entries(list).map(([name, sql]) => {
        const column = shared.get(sql) ?? `column_${shared.size}`
        shared.set(sql, column)
        return [name, column]
      }),
    ),
  )
  return { columns: Object.fromEntries([...shared].map(([sql, column]) => [column, sql])), names }
}
