/** A view that consumers build on, with what the database says of it. */
export interface ContractView {
  readonly name: string
  readonly description: string
  readonly columns: readonly ContractColumn[]
}

export interface ContractColumn {
  readonly name: string
  /** As Postgres writes it: `text`, `timestamp with time zone`. */
  readonly type: string
  readonly nullable: boolean
  readonly description: string
}

/** What would break somebody who reads the views as they were; empty when nothing does. */
export function findBreaches(before: readonly ContractView[], now: readonly ContractView[]): readonly string[] {
  const views = new Map(now.map((view) => [view.name, view]))
  return before.flatMap(({ name, columns }) => {
    const view = views.get(name)
    if (!view) return [`view ${name} is gone`]
    const known = new Map(view.columns.map((column) => [column.name, column]))
    return columns.flatMap((column) => {
      const place = `${name}.${column.name}`
      const found = known.get(column.name)
      if (!found) return [`column ${place} is gone`]
      return [
        ...(found.type === column.type ? [] : [`${place} was ${column.type}, and is ${found.type}`]),
        ...(found.nullable && !column.nullable ? [`${place} can be null, and never was`] : []),
      ]
    })
  })
}
