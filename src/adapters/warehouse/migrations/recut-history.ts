import { type RawBuilder, sql } from 'kysely'

/** Publications that are the result of their as-of. What one says holds up to the as-of of the next; null: it is the last one. */
const inEffect = sql`
  select p.id, p.pipeline, p.run_key, p.as_of, p.published_at, p.is_historical,
    lead(p.as_of) over (partition by p.pipeline order by p.as_of) as next_as_of
  from publication p
  join run r on r.run_key = p.run_key and r.revision = p.revision and r.status = 'published'
  where p.published_at is not null`

/** What historical runs say of customers where the succession of live runs says something else, and from when to when. */
const filled = sql`
  select h.pipeline, h.customer_id, h.segment_key, h.is_holdout, h.move_reason, h.publication_id, e.run_key, e.published_at,
    e.as_of as valid_from, e.next_as_of as valid_to
  from membership_historical h
  join in_effect e on e.id = h.publication_id
  where h.differs and e.next_as_of is not null`

/** Memberships as the live runs left them one after another, each with who began to show it and who ceased to. */
const successionOf = (switches: RawBuilder<unknown>) => sql`
  select m.pipeline, m.customer_id, m.segment_key, n.name, m.valid_from, m.valid_to, p.published_at as published_from,
    q.published_at as published_to, p.run_key, m.move_reason, m.is_holdout
  from (
    select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, null::timestamptz as valid_to,
      publication_id, null::bigint as closing_publication_id
    from membership_open
    union all
    select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, valid_to, publication_id,
      closing_publication_id
    from membership_closed
  ) m
  join publication p on p.id = m.publication_id
  left join (${switches}) q on q.id = m.closing_publication_id
  join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`

/**
 * What is left of the succession around what was filled in. The part after a cut is of the run that follows it: it began to show that part
 * when it came out, if it is one that was ever live.
 */
const partsOf = (succession: RawBuilder<unknown>) => sql`
  select m.pipeline, m.customer_id, m.segment_key, m.name, cut.valid_from, least(m.valid_to, upto.valid_from) as valid_to,
    coalesce(e.published_at, m.published_from) as published_from,
    case when e.is_historical then e.published_at
      else coalesce(min(case when not e.is_historical then e.published_at end) over following, m.published_to)
    end as published_to,
    coalesce(e.run_key, m.run_key) as run_key, m.move_reason, m.is_holdout
  from (${succession}) m
  cross join lateral (
    select m.valid_from
    union
    select f.valid_to from (${filled}) f
    where f.pipeline = m.pipeline and f.customer_id = m.customer_id and f.valid_to > m.valid_from
      and (m.valid_to is null or f.valid_to < m.valid_to)
  ) cut
  left join lateral (
    select min(f.valid_from) as valid_from, bool_or(f.valid_from <= cut.valid_from) as covers
    from (${filled}) f
    where f.pipeline = m.pipeline and f.customer_id = m.customer_id and f.valid_to > cut.valid_from
  ) upto on true
  left join in_effect e on e.pipeline = m.pipeline and e.as_of = cut.valid_from and cut.valid_from > m.valid_from
  where upto.covers is not true
    and exists (select from membership_historical h where h.pipeline = m.pipeline and h.customer_id = m.customer_id)
  window following as (partition by m.pipeline, m.customer_id, m.valid_from order by cut.valid_from
    rows between 1 following and unbounded following)`

/** Equal neighbours are one period, where the earlier one was known first. */
const filledPeriods = sql`
  select i.pipeline, i.customer_id, i.segment_key, n.name, i.valid_from, i.lasts_to, i.published_at, i.published_at,
    i.run_key, i.move_reason, i.is_holdout
  from (
    select c.*, max(c.valid_to) over (partition by c.pipeline, c.customer_id, c.island) as lasts_to
    from (
      select b.*, sum(b.begins) over (partition by b.pipeline, b.customer_id order by b.valid_from) as island
      from (
        select f.*, case when lag(f.valid_to) over before = f.valid_from
            and lag(f.segment_key) over before = f.segment_key and lag(f.is_holdout) over before = f.is_holdout
            and lag(f.published_at) over before < f.published_at then 0 else 1 end as begins
        from (${filled}) f
        window before as (partition by f.pipeline, f.customer_id order by f.valid_from)
      ) b
    ) c
  ) i
  join publication_segment n on n.publication_id = i.publication_id and n.segment_key = i.segment_key
  where i.begins = 1`

/**
 * Columns of `customer_segment_history`: the succession of live runs, cut open where historical runs say something else. What they filled
 * in was never the present: it ceases to be published when it begins.
 *
 * @param switches whatever changed what consumers see, by `id`
 */
export function recutHistory(switches: RawBuilder<unknown>): RawBuilder<unknown> {
  const succession = successionOf(switches)
  return sql`
  with in_effect as materialized (${inEffect})
  select m.* from (${succession}) m
  where not exists (
    select from membership_historical h where h.pipeline = m.pipeline and h.customer_id = m.customer_id)
  union all
  select * from (${partsOf(succession)}) m
  union all
  select * from (${filledPeriods}) m`
}
