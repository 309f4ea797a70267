import type pg from 'pg'
import { findBreaches as findBreachedViews } from '../../../src/run/contract.ts'

/** What consumers may count on. A change that breaks them is another version, whose views stand beside these. */
export const CONTRACT_VERSION = 1

export interface ContractColumn {
  readonly name: string
  readonly type: string
  /** As the comment says: `Null: …`. */
  readonly nullable: boolean
  readonly description: string
}

export interface ContractView {
  readonly name: string
  readonly description: string
  readonly columns: readonly ContractColumn[]
}

export interface Contract {
  readonly version: number
  readonly views: readonly ContractView[]
}

/** The views of a migrated schema. Their comments are the source of every description. */
export async function readContract(client: pg.Client, schema: string): Promise<Contract> {
  const { rows } = await client.query<{ view: string; about: string; name: string; type: string; text: string }>(
    `select c.relname as view, obj_description(c.oid, 'pg_class') as about, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type, col_description(a.attrelid, a.attnum) as text
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = $1::regnamespace and c.relkind = 'v'
    order by c.relname collate "C", a.attnum`,
    [schema],
  )
  const views = new Map<string, { name: string; description: string; columns: ContractColumn[] }>()
  for (const { view, about, name, type, text } of rows) {
    const known = views.get(view) ?? { name: view, description: about, columns: [] }
    known.columns.push({ name, type, nullable: /(^|\. )Null\b/.test(text), description: text })
    views.set(view, known)
  }
  return { version: CONTRACT_VERSION, views: [...views.values()] }
}

/** What would break somebody who reads the views as they were; empty when nothing does, or when the version was raised. */
export function findBreaches(before: Contract, now: Contract): readonly string[] {
  if (now.version > before.version) return []
  return findBreachedViews(before.views, now.views)
}
