import { sql } from 'kysely'
import type { PipelineRecord } from '../../ports/warehouse-reader.ts'
import type { WarehouseTransaction } from './connection.ts'

/** What people and runs left behind of one pipeline. */
export async function readRecord({ db }: WarehouseTransaction, pipeline: string): Promise<PipelineRecord> {
  const published = await sql<{ at: string }>`
    select published_at as at from publication where pipeline = ${pipeline} and published_at is not null
    order by published_at desc`.execute(db)
  const live = await sql<{ staleAfter: string | null }>`
    select r.stale_after as "staleAfter" from pipeline p
    join publication b on b.id = p.publication_id
    join run r on r.run_key = b.run_key and r.revision = b.revision
    where p.name = ${pipeline}`.execute(db)
  const decided = await sql<{ at: string }>`
    select e.recorded_at as at from run_event e join run r on r.run_key = e.run_key and r.revision = e.revision
    where r.pipeline = ${pipeline} and e.event in ('approved', 'rejected', 'live_model_used')
    order by e.recorded_at desc`.execute(db)
  // A mean is of those who have a value; several features may count money: the first by its name is the sum of what was spent.
  const money = await sql<{ feature: string; segment_key: string; name: string; customers: number; total: number }>`
    with live as (
      select f.feature, f.segment_key, g.name, g.customers, g.customers * (1 - f.null_share) * coalesce(f.mean, 0) as total
      from pipeline p
      join profile f on f.publication_id = p.publication_id
      join segment g on g.pipeline = p.name and g.segment_key = f.segment_key
      where p.name = ${pipeline} and f.feature like 'monetary%' and g.customers > 0 and g.level = 0
    )
    select * from live where feature = (select min(feature) from live) order by segment_key`.execute(db)
  const kpis = await sql<PipelineRecord['kpis'][number]>`
    select kpi, count(*)::int as segments, count(*) filter (where difference_lower > 0 or difference_upper < 0)::int as differing
    from segment_kpi k
    where publication_id = (select publication_id from pipeline where name = ${pipeline})
      and segment_key is not null and value is not null
      and period_end = (select max(period_end) from segment_kpi n where n.publication_id = k.publication_id)
    group by kpi order by kpi`.execute(db)
  const plans = await sql<PipelineRecord['plans']>`
    select count(*)::int as segments, count(*) filter (where cardinality(own_fields) > 0)::int as own
    from segment_playbook where pipeline = ${pipeline}`.execute(db)
  return {
    staleAfter: live.rows[0]?.staleAfter ?? null,
    publishedAts: published.rows.map(({ at }) => at),
    decidedAts: decided.rows.map(({ at }) => at),
    kpis: kpis.rows,
    plans: plans.rows[0]!,
    money: money.rows.map(({ segment_key: segmentKey, ...row }) => ({ ...row, segmentKey })),
  }
}
