import { sql } from 'kysely'
import type { WarehouseTransaction } from './connection.ts'

/** What a publication says of segments; the key, when it was born, and its own key are of the segment for good. */
const SAID = [
  ...['name', 'description', 'criteria', 'level', 'parent_segment_key', 'status', 'customers', 'share', 'last_as_of'],
  ...['last_publication_id', 'layer', 'owner', 'stability', 'rule', 'rule_sql', 'rule_precision', 'rule_coverage'],
]

/** Keeps the catalogue as a publication left it: a few rows, which later publications write over. */
export async function keepCatalogue({ db }: WarehouseTransaction, pipeline: string, id: number): Promise<void> {
  await sql`
    update publication set catalogue = (
      select coalesce(jsonb_agg(to_jsonb(g) order by g.segment_key), '[]') from segment g where g.pipeline = ${pipeline})
    where id = ${id}`.execute(db)
}

/**
 * Makes the catalogue what a publication left. A segment that was born later stays, retired: its key is never given again, and what was
 * shown meanwhile names it.
 */
export async function restoreCatalogue({ db }: WarehouseTransaction, pipeline: string, id: number): Promise<void> {
  const columns = sql.join(SAID.map((column) => sql.ref(column)))
  const kept = sql.join(SAID.map((column) => sql.ref(`said.${column}`)))
  await sql`
    update segment g set (${columns}) = row(${kept})
    from (
      select r.* from segment s
      join publication p on p.id = ${id}
      left join lateral (
        select e.value from jsonb_array_elements(p.catalogue) e where e.value ->> 'segment_key' = s.segment_key
      ) k on true
      cross join lateral jsonb_populate_record(
        s, coalesce(k.value, '{"status": "retired", "customers": 0, "share": 0}')) r
      where s.pipeline = ${pipeline}
    ) said
    where g.pipeline = ${pipeline} and g.segment_key = said.segment_key`.execute(db)
}
