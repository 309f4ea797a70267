import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Marks what reviews of published runs found among what was judged. Old workers keep nothing here; a command of theirs that does fails once and says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table effectiveness add column if not exists is_review boolean not null default false,
      add column if not exists report_uri text`.execute(db)
  // The same run may be judged by the same rows over its window, and over all that they know.
  await sql`
    alter table effectiveness drop constraint if exists effectiveness_pkey,
      add constraint effectiveness_pkey primary key (run_key, revision, judged_by, judged_until)`.execute(db)
  // A run has one review that counts.
  await sql`
    create unique index if not exists effectiveness_review on effectiveness (run_key, revision) where is_review`.execute(
    db,
  )
  await createCommentedView(
    db,
    'segmentation_effectiveness',
    'What the segments of a run told of what their customers did after it: a row for each run that was reviewed once its window was over, and each time that resegment effectiveness --save judged one.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run whose segments were judged.',
      revision: 'Revision of the run.',
      judged_by: 'The later run whose rows tell the outcome: shop@2026-10-01~1.',
      judged_from: 'As-of of the run: the outcome begins with it.',
      judged_until: 'The outcome ends before it: the end of the window, or the as-of of the later run.',
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
      is_review: 'Whether it is the review of the run: over the window of the pipeline, one a run.',
      report_uri: 'The page of the review. Null: there is none.',
    },
    sql`select pipeline, run_key, revision, judged_by, judged_from, judged_until, judged_at, effectiveness_index, band, target, customers, segments,
      spend_explained, conversion_explained, targeting_gain, kpi_spread, stability, coverage, rfm_spend_explained,
      rfm_conversion_explained, permutation_p, is_review, report_uri
      from effectiveness`,
  )
}
