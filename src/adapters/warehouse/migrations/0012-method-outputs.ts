import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

const ofCustomer = { pipeline: 'The segmentation.', customer_id: 'The customer, as in the source.' }

/**
 * What methods say of a customer beside the segment: scores, further memberships, reasons. One array each in the run's own partition, whose
 * names the publication has: a row a customer, not a row a value. Old workers may keep running.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publication
      add column if not exists score_names text[] not null default '{}',
      add column if not exists score_units text[] not null default '{}',
      add column if not exists also_layers text[] not null default '{}',
      add column if not exists reason_labels text[] not null default '{}'`.execute(db)
  await sql`
    alter table membership_score
      add column if not exists layer text,
      add column if not exists scores double precision[],
      add column if not exists also text[],
      add column if not exists also_since timestamptz[],
      add column if not exists reasons smallint[],
      add column if not exists pulls real[]`.execute(db)

  await createCommentedView(
    db,
    'customer_segments',
    'The segment of each customer now, one row a pipeline and customer. A single select sees one whole publication.',
    {
      pipeline: 'The segmentation, as named in its YAML file.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment: the pipeline and a number that is never used again.',
      segment_name: 'Name of the segment today.',
      layer: 'What placed the customer: cluster, or the layer of a hybrid.',
      confidence:
        'How sure the method is, 0 to 1; for k-means how much nearer the own segment is than the next one. Null: not known.',
      distance: 'Distance to the centre of the segment, in standardised features. Null: the method has none.',
      next_segment_key: 'The next nearest segment. Null when there is only one.',
      is_outlier: 'Whether the customer lies unusually far from every segment.',
      is_holdout: 'Whether the customer is kept out of activation, to measure effects against.',
      since: 'As-of of the run since which the customer is in this segment without a break.',
      as_of: 'The instant the live run looked from.',
      period: 'The period the live run closed.',
      run_key: 'The live run.',
    },
    sql`
      select o.pipeline, o.customer_id, o.segment_key, g.name, coalesce(s.layer, 'cluster'), s.confidence, s.distance,
        s.next_segment_key, s.is_outlier, o.is_holdout, o.valid_from, p.as_of, p.period, p.run_key
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_open o on o.pipeline = l.name
      join membership_score s on s.publication_id = l.publication_id and s.customer_id = o.customer_id
      join segment g on g.pipeline = o.pipeline and g.segment_key = o.segment_key`,
  )

  await createCommentedView(
    db,
    'customer_segment_memberships',
    'Every membership a customer has now: the segment of customer_segments, and those of overlapping rules, upper levels and other layers.',
    {
      ...ofCustomer,
      segment_key: 'Lasting key of the segment.',
      layer: 'What placed the customer: cluster, or the level or layer.',
      is_primary: 'Whether this is the membership that customer_segments shows.',
      since: 'As-of since which the membership lasts.',
    },
    sql`
      select o.pipeline, o.customer_id, o.segment_key, coalesce(s.layer, 'cluster'), true, o.valid_from
      from pipeline l
      join membership_open o on o.pipeline = l.name
      join membership_score s on s.publication_id = l.publication_id and s.customer_id = o.customer_id
      union all
      select l.name, s.customer_id, u.segment_key, u.layer, false, u.since
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_score s on s.publication_id = l.publication_id
      cross join lateral unnest(p.also_layers, s.also, s.also_since) as u (layer, segment_key, since)
      where u.segment_key is not null`,
  )

  await createCommentedView(
    db,
    'customer_scores',
    'What the method of the live run measured of each customer; a row a score.',
    {
      ...ofCustomer,
      score: 'Name of the score: recency_score, p_alive, lifetime_value, ...',
      value: 'Its value. A customer without one has no row.',
      unit: 'share, count, money, days, score, ...',
      run_key: 'The live run.',
    },
    sql`
      select l.name, s.customer_id, u.score, u.value, u.unit, p.run_key
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_score s on s.publication_id = l.publication_id
      cross join lateral unnest(p.score_names, p.score_units, s.scores) as u (score, unit, value)
      where u.value is not null`,
  )

  await createCommentedView(
    db,
    'customer_reasons',
    'Why each customer is in its segment, as the live run saw it.',
    {
      ...ofCustomer,
      reasons:
        'At most three, the strongest first: [{ "reason": feature or rule, "direction": "high" or "low", "size": how strongly it pulls }]. Empty: the method gives none.',
      run_key: 'The live run.',
    },
    sql`
      select l.name, s.customer_id,
        (
          select coalesce(
            jsonb_agg(jsonb_build_object(
              'reason', p.reason_labels[u.label + 1],
              'direction', case when u.size < 0 then 'low' else 'high' end,
              'size', abs(u.size)) order by u.position),
            '[]'::jsonb)
          from unnest(s.reasons, s.pulls) with ordinality as u (label, size, position)
          where u.label is not null
        ),
        p.run_key
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_score s on s.publication_id = l.publication_id`,
  )
}
