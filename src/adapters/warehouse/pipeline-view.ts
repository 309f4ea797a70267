import { sql } from 'kysely'
import type { WarehouseTransaction } from './connection.ts'

/**
 * `<pipeline>_customers`, made at the first publication and never touched again, so that grants and open readers stay. It names its
 * pipeline as a constant, which lets the planner skip the partitions of all other publications.
 */
export async function createPipelineView({ db }: WarehouseTransaction, pipeline: string): Promise<void> {
  const view = `${pipeline}_customers`
  const existing = await sql<{ present: boolean }>`
    select exists (select 1 from pg_class where relname = ${view} and relnamespace = current_schema()::regnamespace) as present`.execute(
    db,
  )
  if (existing.rows[0]!.present) return
  await sql`
    create or replace view ${sql.id(view)} as
    select o.pipeline, o.customer_id, o.segment_key, g.name as segment_name, coalesce(s.layer, 'cluster') as layer, s.confidence, s.distance,
      s.next_segment_key, s.is_outlier, o.is_holdout, o.valid_from as since, p.as_of, p.period, p.run_key
    from publication p
    join membership_score s on s.publication_id = (select publication_id from pipeline where name = ${sql.lit(pipeline)})
    join membership_open o on o.pipeline = ${sql.lit(pipeline)} and o.customer_id = s.customer_id
    join segment g on g.pipeline = ${sql.lit(pipeline)} and g.segment_key = o.segment_key
    where p.id = (select publication_id from pipeline where name = ${sql.lit(pipeline)})`.execute(db)
  await sql`comment on view ${sql.id(view)} is ${sql.lit(`customer_segments of pipeline ${pipeline} alone.`)}`.execute(
    db,
  )
  const { rows } = await sql<{ name: string; comment: string }>`
    select attname as name, col_description(attrelid, attnum) as comment from pg_attribute
    where attrelid = 'customer_segments'::regclass and attnum > 0 and not attisdropped order by attnum`.execute(db)
  for (const { name, comment } of rows)
    await sql`comment on column ${sql.id(view, name)} is ${sql.lit(comment)}`.execute(db)
  // Whoever may read all pipelines may read one: nobody is there to grant it when a worker publishes the first time.
  const readers = await sql<{ role: string | null }>`
    select distinct r.rolname as role from pg_class c
    cross join aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.oid = 'customer_segments'::regclass and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
      and a.grantee <> current_user::regrole`.execute(db)
  for (const { role } of readers.rows)
    await sql`grant select on ${sql.id(view)} to ${role === null ? sql`public` : sql.id(role)}`.execute(db)
}
