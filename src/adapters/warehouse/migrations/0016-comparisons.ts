import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Keeps what the comparison of a run with what was live has measured. Old workers may keep running: their runs have no rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists comparison_measure (
      publication_id bigint not null references publication on delete cascade,
      position integer not null,
      measure text not null,
      subject text,
      value double precision not null,
      previous_value double precision,
      primary key (publication_id, position)
    )`.execute(db)

  await createCommentedView(
    db,
    'run_comparisons',
    'What the comparison of a published run with what was live before it has measured: a row for each measure and what it is about. None of a first run.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      compared_with: 'Run that was live: shop@2026-07-01~1.',
      measure:
        'Of everybody: panel (customers in both), new, returned, lost; adjusted_rand, adjusted_mutual_information and variation_of_information on the panel; share_drift (population stability index of the sizes of segments); kpi_moved (share of what the panel spends that is in another segment). Of a segment: customers, share, jaccard (overlap on the panel), kpi_share (of what is spent). Of a column of a feature: feature_drift (population stability index against the fit of the live model), feature_ks (largest difference of shares up to a value; feature_ks_binned: at the edges of bins). Of everybody: mean_squared_distance (to the middle of the own segment); kept, kept_distance and kept_inertia (customers left in their old segment by minimumChange, and by what share distances grow). Of a reason of moves: margin_median and margin_low (how far from the next segment).',
      subject: 'Segment key, column of a feature, or reason of a move (stayed: of none). Null: about everybody.',
      value: 'The figure.',
      previous_value:
        'The same of what was live; of mean_squared_distance, to the nearest centre of the live model; of kpi_share, what the former customers of the segment spend today; of share_drift and feature_drift, what chance alone stays below in 99.9 % of samples. Null: there is none.',
    },
    sql`select p.pipeline, p.run_key, p.revision, b.run_key || '~' || b.revision as compared_with, m.measure, m.subject, m.value,
      m.previous_value
      from comparison_measure m
      join publication p on p.id = m.publication_id
      left join publication b on b.id = p.compared_with
      where p.published_at is not null`,
  )
}
