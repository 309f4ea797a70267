import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** The views that know customers. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createCommentedView(
    db,
    'customer_segments',
    'The segment of each customer now, one row a pipeline and customer. A single select sees one whole publication.',
    {
      pipeline: 'The segmentation, as named in its YAML file.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment: the pipeline and a number that is never used again.',
      segment_name: 'Name of the segment today.',
      layer: 'What placed the customer: cluster.',
      confidence: 'How much nearer the own segment is than the next one, 0 to 1.',
      distance: 'Distance to the centre of the segment, in standardised features.',
      next_segment_key: 'The next nearest segment. Null when there is only one.',
      is_outlier: 'Whether the customer lies unusually far from every segment.',
      is_holdout: 'Whether the customer is kept out of activation, to measure effects against.',
      since: 'As-of of the run since which the customer is in this segment without a break.',
      as_of: 'The instant the live run looked from.',
      period: 'The period the live run closed.',
      run_key: 'The live run.',
    },
    sql`
      select o.pipeline, o.customer_id, o.segment_key, g.name, 'cluster'::text, s.confidence, s.distance, s.next_segment_key,
        s.is_outlier, o.is_holdout, o.valid_from, p.as_of, p.period, p.run_key
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_open o on o.pipeline = l.name
      join membership_score s on s.publication_id = l.publication_id and s.customer_id = o.customer_id
      join segment g on g.pipeline = o.pipeline and g.segment_key = o.segment_key`,
  )

  await createCommentedView(
    db,
    'customer_segment_history',
    'Every period of membership; a row only where something changed. Valid time is business time, published time is when consumers could see it.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment as it was when the period began.',
      valid_from: 'As-of of the run that began the period.',
      valid_to: 'As-of of the run that ended the period. Null: it lasts.',
      published_from: 'When consumers could first see the membership.',
      published_to: 'When consumers could no longer see it. Null: they can.',
      run_key: 'The run that began the period.',
      move_reason: 'Why the period began.',
    },
    sql`
      select m.pipeline, m.customer_id, m.segment_key, n.name, m.valid_from, m.valid_to, p.published_at, q.published_at,
        p.run_key, m.move_reason
      from (
        select pipeline, customer_id, segment_key, move_reason, valid_from, null::timestamptz as valid_to, publication_id,
          null::bigint as closing_publication_id
        from membership_open
        union all
        select pipeline, customer_id, segment_key, move_reason, valid_from, valid_to, publication_id, closing_publication_id
        from membership_closed
      ) m
      join publication p on p.id = m.publication_id
      left join publication q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'customer_segment_memberships',
    'Every membership a customer has now, primary or not.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      layer: 'What placed the customer: cluster.',
      is_primary: 'Whether this is the membership that customer_segments shows.',
      since: 'As-of since which the membership lasts.',
    },
    sql`select o.pipeline, o.customer_id, o.segment_key, 'cluster'::text, true, o.valid_from
      from membership_open o`,
  )

  await createCommentedView(
    db,
    'segment_events',
    'Who entered, left or moved in each run. Customers that stayed have no row.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run that found the change.',
      revision: 'Revision of the run.',
      as_of: 'The instant the run looked from.',
      customer_id: 'The customer, as in the source.',
      event: 'entered, left or moved.',
      from_segment_key: 'Segment before. Null: not present before.',
      to_segment_key: 'Segment after. Null: lost.',
      move_reason: 'Why.',
    },
    sql`
      with opened as (
        select pipeline, customer_id, segment_key, move_reason, publication_id from membership_open
        union all
        select pipeline, customer_id, segment_key, move_reason, publication_id from membership_closed
        union all
        select pipeline, customer_id, segment_key, move_reason, publication_id from membership_replaced
      ), ended as (
        select pipeline, customer_id, segment_key, closing_publication_id as publication_id from membership_closed
        union all
        select pipeline, customer_id, segment_key, closing_publication_id from membership_replaced
      )
      select p.pipeline, p.run_key, p.revision, p.as_of, o.customer_id,
        case when e.customer_id is null then 'entered' else 'moved' end, e.segment_key, o.segment_key, o.move_reason
      from opened o
      join publication p on p.id = o.publication_id
      left join ended e on e.publication_id = o.publication_id and e.pipeline = o.pipeline and e.customer_id = o.customer_id
      where e.segment_key is distinct from o.segment_key
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, e.customer_id, 'left', e.segment_key, null, 'lost'
      from ended e
      join publication p on p.id = e.publication_id
      left join opened o on o.publication_id = e.publication_id and o.pipeline = e.pipeline and o.customer_id = e.customer_id
      where o.customer_id is null`,
  )
}
