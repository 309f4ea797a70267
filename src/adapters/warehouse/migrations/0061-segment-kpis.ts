import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Keeps what the members of each segment did in closed periods, and how they answered campaigns. Old workers may keep running: their runs have no rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists segment_kpi (
      publication_id bigint not null references publication on delete cascade,
      position integer not null,
      segment_key text,
      kpi text not null,
      period text not null,
      period_start timestamptz not null,
      period_end timestamptz not null,
      unit text not null,
      value double precision,
      lower_bound double precision,
      upper_bound double precision,
      customers bigint,
      difference double precision,
      difference_lower double precision,
      difference_upper double precision,
      is_suppressed boolean not null,
      is_lead boolean not null,
      primary key (publication_id, position),
      check (not is_suppressed or (value is null and customers is null and difference is null))
    )`.execute(db)

  await createCommentedView(
    db,
    'segment_kpis',
    'What the members of a segment did in a period: conversion, order value, retention, margin, return on spend and others, with 95 % intervals. A row a figure, period and segment of a published run, and one for all of its customers. All periods of a run are those of its own members, so that figures as they were published are in the rows where period is that of the run.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run whose members these are.',
      revision: 'Revision of the run.',
      segment_key: 'Lasting key of the segment. Null: all customers of the run.',
      kpi: 'Name of the figure: resegment kpis says what it means and what it is made of.',
      period: 'The closed period: 2026-Q3.',
      period_start: 'When the period began.',
      period_end: 'When it was over; not part of it.',
      value: 'The figure. Null: suppressed.',
      lower_bound: 'Lower end of the interval that holds it with 95 %. Null: suppressed, or of one customer.',
      upper_bound: 'Upper end.',
      customers: 'How many customers it is of: for retention those who had bought before. Null: suppressed.',
      unit: 'share (0 to 1), points (−100 to 100), ratio, count, or the currency of money.',
      difference:
        'Less the same figure of all other customers. Null: suppressed, of all customers, or there are too few others.',
      difference_lower: 'Lower end of the interval that holds the difference with 95 %.',
      difference_upper: 'Upper end.',
      is_suppressed:
        'Whether it is of fewer than five customers, or would give away a figure that is, and so not shown.',
      is_lead: 'Whether the objective of the pipeline looks at it first.',
    },
    sql`select p.pipeline, p.run_key, p.revision, k.segment_key, k.kpi, k.period, k.period_start, k.period_end, k.value,
      k.lower_bound, k.upper_bound, k.customers, k.unit, k.difference, k.difference_lower, k.difference_upper, k.is_suppressed,
      k.is_lead
      from segment_kpi k join publication p on p.id = k.publication_id
      where p.published_at is not null`,
  )

  await sql`
    create table if not exists segment_campaign (
      publication_id bigint not null references publication on delete cascade,
      position integer not null,
      segment_key text,
      campaign text not null,
      customers bigint,
      responses bigint,
      response_rate double precision,
      lower_bound double precision,
      upper_bound double precision,
      cost double precision,
      attributed double precision,
      return_on_spend double precision,
      currency text,
      is_suppressed boolean not null,
      primary key (publication_id, position),
      check (not is_suppressed or (customers is null and responses is null and attributed is null))
    )`.execute(db)
  await createCommentedView(
    db,
    'segment_campaigns',
    'How the members of a segment answered the campaigns that reached them first within the periods of segment_kpis. A row a campaign and segment of a published run, and one for all of its customers; of more than 200 campaigns those that reached most.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run whose members these are.',
      revision: 'Revision of the run.',
      segment_key: 'Lasting key of the segment. Null: all customers of the run.',
      campaign: 'The campaign, as the source calls it.',
      customers: 'Customers of the segment whom it reached. Null: suppressed.',
      responses: 'Those of them who answered, by redeeming a coupon for example. Null: suppressed.',
      response_rate: 'Share of them who answered, 0 to 1. Null: suppressed.',
      lower_bound: 'Lower end of the interval that holds it with 95 %.',
      upper_bound: 'Upper end.',
      cost: 'What its touches of them cost. Null: suppressed, or no source says.',
      attributed: 'Revenue that is attributed to it. Null: suppressed, or nothing says.',
      return_on_spend: 'Attributed revenue for each unit of cost. Null: suppressed, or there is no cost.',
      currency: 'What money is in. Null: nothing says.',
      is_suppressed:
        'Whether it is of fewer than five customers, or would give away a figure that is, and so not shown.',
    },
    sql`select p.pipeline, p.run_key, p.revision, c.segment_key, c.campaign, c.customers, c.responses, c.response_rate, c.lower_bound,
      c.upper_bound, c.cost, c.attributed, c.return_on_spend, c.currency, c.is_suppressed
      from segment_campaign c join publication p on p.id = c.publication_id
      where p.published_at is not null`,
  )
}
