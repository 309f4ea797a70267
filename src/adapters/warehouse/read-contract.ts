import { sql } from 'kysely'
import type { ContractView } from '../../run/contract.ts'
import type { WarehouseTransaction } from './connection.ts'

interface ColumnRow {
  readonly view: string
  readonly view_comment: string | null
  readonly name: string
  readonly type: string
  readonly comment: string | null
}

/** The views of the schema with their comments, which say it when a column may be null: the migrations are the one place that describes them. */
export async function readContract({ db }: WarehouseTransaction): Promise<readonly ContractView[]> {
  const { rows } = await sql<ColumnRow>`
    select c.relname as view, obj_description(c.oid, 'pg_class') as view_comment, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type, col_description(c.oid, a.attnum) as comment
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'v'
    order by c.relname collate "C", a.attnum`.execute(db)
  const views = Map.groupBy(rows, ({ view }) => view)
  return [...views].map(([name, columns]) => ({
    name,
    description: columns[0]!.view_comment ?? '',
    columns: columns.map(({ name: column, type, comment }) => ({
      name: column,
      type,
      nullable: /\bNull\b/.test(comment ?? ''),
      description: comment ?? '',
    })),
  }))
}
