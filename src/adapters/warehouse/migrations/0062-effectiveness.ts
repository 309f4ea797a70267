import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** How effective segments were found to be, over time. Old workers may keep running: they have never heard of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists effectiveness (
      pipeline text not null,
      run_key text not null,
      revision integer not null,
      judged_by text not null,
      judged_from timestamptz not null,
      judged_until timestamptz not null check (judged_until > judged_from),
      judged_at timestamptz not null,
      target double precision not null,
      effectiveness_index double precision check (effectiveness_index between 0 and 100),
      band text,
      customers bigint not null,
      segments integer not null,
      spend_explained double precision,
      conversion_explained double precision,
      targeting_gain double precision,
      kpi_spread double precision,
      stability double precision not null,
      coverage double precision not null,
      rfm_spend_explained double precision,
      rfm_conversion_explained double precision,
      permutation_p double precision not null,
      primary key (run_key, revision, judged_by)
    )`.execute(db)
  await createCommentedView(
    db,
    'segmentation_effectiveness',
    'What the segments of a run told of what their customers did after it: a row each time that resegment effectiveness --save judged one.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run whose segments were judged.',
      revision: 'Revision of the run.',
      judged_by: 'The later run whose rows tell the outcome: shop@2026-10-01~1.',
      judged_from: 'As-of of the run: the outcome begins with it.',
      judged_until: 'As-of of the later run: the outcome ends before it.',
      judged_at: 'When it was judged.',
      effectiveness_index: 'Effectiveness, 0 to 100. Null: nothing came that could be explained.',
      band: 'low (below 20), moderate, good (from 40), high (from 60).',
      target: 'What the index was to be.',
      customers: 'Customers who are in both runs.',
      segments: 'Segments that they were in.',
      spend_explained:
        'Share of the variance of log(1 + spend) that segments explain, corrected for chance (epsilon squared).',
      conversion_explained:
        "Share of the log-likelihood of whether they ordered, corrected for chance (McFadden's pseudo-R²).",
      targeting_gain:
        'Spend gained by taking customers segment by segment, best first by what was known before: 1 as good as knowing it, 0 as at random.',
      kpi_spread: 'Share of the customers in segments whose mean spend surely differs from that of all others.',
      stability: 'Adjusted Rand index of the segments then and later, 0 to 1.',
      coverage: 'Share of those who ordered before and since who were in a segment.',
      rfm_spend_explained: 'The same as spend_explained of plain RFM quintiles.',
      rfm_conversion_explained: 'The same as conversion_explained of plain RFM quintiles.',
      permutation_p: 'How often segments of these sizes drawn by lot explain as much of the spend.',
    },
    sql`select pipeline, run_key, revision, judged_by, judged_from, judged_until, judged_at, effectiveness_index, band, target, customers, segments,
      spend_explained, conversion_explained, targeting_gain, kpi_spread, stability, coverage, rfm_spend_explained,
      rfm_conversion_explained, permutation_p
      from effectiveness`,
  )
}
