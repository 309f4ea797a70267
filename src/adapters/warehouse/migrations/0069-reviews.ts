import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Marks what reviews of published runs found among what was judged. Old workers keep nothing here; a command of theirs that does fails once and says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table effectiveness add column if not exists is_review boolean not null default false,
      add column if not exists report_uri text,
      add column if not exists outcomes jsonb`.execute(db)
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
  const rowsOf = (of: string) => sql`coalesce(nullif(e.outcomes -> ${sql.lit(of)}, 'null'), '[]')`
  await createCommentedView(
    db,
    'segment_effectiveness',
    'What each segment cost and brought in the time after the run that was judged: its share of contact spend beside its share of customers who ordered and of what was earned, and what customers who were not held out did beyond those who were. A row a segment and judgement, and one for all customers.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run whose segments were judged.',
      revision: 'Revision of the run.',
      judged_by: 'The later run whose rows tell the outcome.',
      judged_from: 'As-of of the run: the outcome begins with it.',
      judged_until: 'The outcome ends before it.',
      is_review: 'Whether it is of the review of the run.',
      segment_key: 'Lasting key of the segment. Null: all customers of the run.',
      segment_name: 'Name of the segment in the run that was judged.',
      customers: 'Customers of the segment. Null: of all customers, or contact costs are not known.',
      contact_cost: 'What reaching them cost. Null: no source says.',
      cost_share: 'Share of the contact spend of all segments, 0 to 1.',
      ordered_share: 'Share of the customers who ordered.',
      earned_share: 'Share of what was earned; below 0 where money was lost.',
      earned_is: 'margin where costs of goods are known, else revenue.',
      gap: 'earned_share less cost_share.',
      gap_lower: 'Lower end of the interval of the gap; those of all segments hold together with 95 %.',
      gap_upper: 'Upper end.',
      proposed_shift: 'Proposed change of cost_share. Null: not known.',
      held_out: 'Customers who were held out. Null: nobody was, or fewer than five on a side.',
      others: 'Customers who were not.',
      lift_spend: 'Mean spend of the others less that of those held out.',
      lift_spend_lower: 'Lower end of the interval that holds it with 95 %.',
      lift_spend_upper: 'Upper end.',
      lift_ordered: 'Share of the others who ordered less that of those held out.',
      lift_ordered_lower: 'Lower end of the interval that holds it with 95 %.',
      lift_ordered_upper: 'Upper end.',
    },
    sql`select e.pipeline, e.run_key, e.revision, e.judged_by, e.judged_from, e.judged_until, e.is_review,
      s.segment_key, s.segment_name, s.customers, s.contact_cost, s.cost_share, s.ordered_share, s.earned_share, e.outcomes ->> 'earnedIs',
      s.gap, s.gap_lower, s.gap_upper, s.shift, s.held_out, s.others, s.spend, s.spend_lower, s.spend_upper, s.ordered, s.ordered_lower,
      s.ordered_upper
      from effectiveness e cross join lateral (
        select coalesce(m."segmentKey", l."segmentKey") as segment_key, coalesce(m."segmentName", l."segmentName") as segment_name,
          m.customers, m."contactCost" as contact_cost, m."costShare" as cost_share, m."orderedShare" as ordered_share,
          m."earnedShare" as earned_share, m.gap, m."gapLower" as gap_lower, m."gapUpper" as gap_upper, m.shift,
          l."heldOut" as held_out, l.others, l.spend, l."spendLower" as spend_lower, l."spendUpper" as spend_upper, l.ordered,
          l."orderedLower" as ordered_lower, l."orderedUpper" as ordered_upper
        from jsonb_to_recordset(${rowsOf('money')}) as m ("segmentKey" text, "segmentName" text, customers bigint,
            "contactCost" double precision, "costShare" double precision, "orderedShare" double precision,
            "earnedShare" double precision, gap double precision, "gapLower" double precision, "gapUpper" double precision,
            shift double precision)
          full join jsonb_to_recordset(${rowsOf('lift')}) as l ("segmentKey" text, "segmentName" text, "heldOut" bigint, others bigint,
            spend double precision, "spendLower" double precision, "spendUpper" double precision, ordered double precision,
            "orderedLower" double precision, "orderedUpper" double precision)
          on coalesce(l."segmentKey", '') = coalesce(m."segmentKey", '')
      ) s`,
  )
}
