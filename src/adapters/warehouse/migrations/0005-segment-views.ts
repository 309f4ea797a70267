import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

const ofRun = {
  pipeline: 'The segmentation.',
  run_key: 'The run.',
  revision: 'Revision of the run.',
}

/** The views that know segments. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
      level: 'Depth in the hierarchy, 1 at the top.',
      parent_segment_key: 'The segment it is a part of. Null at the top.',
      status: 'provisional, active or retired.',
      customers: 'Customers now; 0 when retired.',
      share: 'Share of all customers now, 0 to 1.',
      first_as_of: 'As-of of the first run that had it.',
      last_as_of: 'As-of of the newest run that had it.',
    },
    sql`select pipeline, segment_key, name, description, criteria, level, parent_segment_key, status, customers, share,
      first_as_of, last_as_of from segment`,
  )

  await createCommentedView(
    db,
    'segment_lineage',
    'What became of each segment from one publication to the next.',
    {
      ...ofRun,
      from_segment_key: 'Segment before. Null: appeared.',
      to_segment_key: 'Segment after. Null: disappeared.',
      kind: 'survived, split, merged, absorbed, appeared, disappeared or returned.',
      overlap: 'Jaccard overlap among customers present in both, 0 to 1.',
    },
    sql`select p.pipeline, p.run_key, p.revision, e.from_segment_key, e.to_segment_key, e.kind, e.overlap
      from lineage_edge e join publication p on p.id = e.publication_id`,
  )

  await createCommentedView(
    db,
    'segment_profiles',
    'What the customers of a segment are like: one row a segment, feature and run, in the unit of the feature.',
    {
      ...ofRun,
      segment_key: 'Lasting key of the segment.',
      feature: 'Name of the feature.',
      mean: 'Mean in the segment. Null: no customer has a value.',
      median: 'Median in the segment. Null: no customer has a value.',
      p10: 'Tenth percentile in the segment. Null: no customer has a value.',
      p90: 'Ninetieth percentile in the segment. Null: no customer has a value.',
      null_share: 'Share of customers in the segment without a value, 0 to 1.',
      population_mean: 'Mean over all customers. Null: no customer has a value.',
      effect_size: "Cohen's d of the segment against all others. Null: no spread.",
      lift: 'Segment mean divided by population mean. Null: the latter is 0.',
      unit: 'Unit of the feature.',
    },
    sql`select p.pipeline, p.run_key, p.revision, f.segment_key, f.feature, f.mean, f.median, f.p10, f.p90, f.null_share,
      f.population_mean, f.effect_size, f.lift, f.unit
      from profile f join publication p on p.id = f.publication_id`,
  )

  await createCommentedView(
    db,
    'segment_transitions',
    'How many customers went from where to where; rows and columns add up to the two populations.',
    {
      ...ofRun,
      from_segment_key: 'Segment before. Null: not present before.',
      to_segment_key: 'Segment after. Null: lost.',
      move_reason: 'Why. Null: stayed.',
      customers: 'How many.',
    },
    sql`select p.pipeline, p.run_key, p.revision, t.from_segment_key, t.to_segment_key, t.move_reason, t.customers
      from transition t join publication p on p.id = t.publication_id`,
  )
}
