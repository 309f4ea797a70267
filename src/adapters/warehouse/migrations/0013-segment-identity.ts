import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/**
 * What finding segments again needs: the sequence of keys, the last publication and the layer of a segment, segments that came back; and
 * how segments came of one another. Old workers may keep running.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table segment
      add column if not exists layer text,
      add column if not exists owner text,
      add column if not exists last_publication_id bigint references publication,
      drop constraint if exists segment_status_check,
      add constraint segment_status_check check (status in ('provisional', 'active', 'returned', 'retired'))`.execute(
    db,
  )
  await sql`
    update segment g set last_publication_id = (
      select s.publication_id from publication_segment s join publication p on p.id = s.publication_id
      where p.pipeline = g.pipeline and s.segment_key = g.segment_key and p.published_at is not null
      order by p.published_at desc limit 1)`.execute(db)
  await sql`
    alter table lineage_edge
      add column if not exists parent_share double precision,
      add column if not exists child_share double precision`.execute(db)
  await sql`alter table pipeline add column if not exists newest_segment_number bigint not null default 0`.execute(db)
  await sql`
    update pipeline l set newest_segment_number = greatest(newest_segment_number, (
      select coalesce(max(substring(segment_key from '-(\\d{1,15})$')::bigint), 0) from segment where pipeline = l.name))`.execute(
    db,
  )

  // New columns come last, so that the views are replaced with their grants.
  await createCommentedView(
    db,
    'segments',
    'Every segment there ever was, with its size in the live publication.',
    {
      pipeline: 'The segmentation.',
      segment_key: 'Lasting key: the pipeline and a number, fixed at birth, never used again.',
      name: 'Name for people.',
      description: 'A remark given by people, or what sets the segment apart.',
      criteria: 'How the segment differs from all customers.',
      level: '0: customers are in it first of all. Above: it holds segments of the level below.',
      parent_segment_key: 'The segment it is a part of. Null at the top.',
      status:
        'provisional: new, and neither found again nor approved; active; returned: was retired, and neither found again nor approved; retired.',
      customers: 'Customers now; 0 when retired.',
      share: 'Share of all customers now, 0 to 1.',
      first_as_of: 'As-of of the first run that had it.',
      last_as_of: 'As-of of the newest run that had it.',
      stability:
        'How well it comes back when customers are drawn anew: mean Jaccard overlap, 0 to 1; from 0.85 highly stable. Null: not computed.',
      rule: 'Who is in it, as a decision tree of at most four questions says, in words. Null: no rule is made, or it has criteria of its own.',
      rule_sql: 'The same as a condition over the columns of features. Null: no rule.',
      rule_precision: 'Share of the customers that meet the rule who are in the segment. Null: nobody meets it.',
      rule_coverage: 'Share of the customers of the segment that meet the rule. Null: nobody is in it.',
      layer: 'Layer of a hybrid that makes it. Null: there are no layers.',
      owner: 'Who answers for it, as the pipeline says. Null: nobody is named.',
      lineage_kind:
        'How it came to be, or of a retired one how it ended, the last time: appeared, split, merged, returned; split, merged, absorbed, disappeared. Null: it is not known.',
      lineage_segment_keys:
        'The segments it came of, or of a retired one those it went into; the largest overlap first.',
      lineage_overlap: 'Jaccard overlap with the first of these among customers present in both, 0 to 1.',
      lineage_run_key: 'The run that found so.',
    },
    sql`
      select g.pipeline, g.segment_key, g.name, g.description, g.criteria, g.level, g.parent_segment_key, g.status, g.customers,
        g.share, g.first_as_of, g.last_as_of, g.stability, g.rule, g.rule_sql, g.rule_precision, g.rule_coverage, g.layer,
        g.owner, l.kind, coalesce(l.keys, '{}'), l.overlap, l.run_key
      from segment g
      left join lateral (
        select
          (array_agg(e.kind order by array_position(
            array['returned', 'merged', 'split', 'absorbed', 'appeared', 'disappeared'], e.kind), e.overlap desc))[1] as kind,
          array_agg(o.segment_key order by e.overlap desc, o.segment_key) filter (where o.segment_key is not null) as keys,
          max(e.overlap) as overlap, p.run_key
        from lineage_edge e
        join publication p on p.id = e.publication_id
        cross join lateral (
          select case when g.status = 'retired' then e.to_segment_key else e.from_segment_key end as segment_key) o
        where p.pipeline = g.pipeline and p.published_at is not null and e.kind <> 'survived'
          and g.segment_key = case when g.status = 'retired' then e.from_segment_key else e.to_segment_key end
          and not exists (
            select from lineage_edge s
            where s.publication_id = e.publication_id and s.kind = 'survived' and s.to_segment_key = g.segment_key)
        group by p.id
        order by p.published_at desc
        limit 1
      ) l on true`,
  )

  await createCommentedView(
    db,
    'segment_lineage',
    'What became of each segment from one publication to the next.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      from_segment_key: 'Segment before, the parent. Null: appeared, or returned.',
      to_segment_key: 'Segment after, the child. Null: disappeared.',
      kind: 'survived, split, merged, absorbed, appeared, disappeared or returned.',
      overlap:
        'Jaccard overlap among customers present in both, 0 to 1; of a returned segment with its last customers.',
      parent_share:
        'Share of the customers of the segment before who are in the one after, 0 to 1. Null: one is missing.',
      child_share:
        'Share of the customers of the segment after who were in the one before, 0 to 1. Null: one is missing.',
    },
    sql`select p.pipeline, p.run_key, p.revision, e.from_segment_key, e.to_segment_key, e.kind, e.overlap, e.parent_share,
      e.child_share from lineage_edge e join publication p on p.id = e.publication_id`,
  )
}
