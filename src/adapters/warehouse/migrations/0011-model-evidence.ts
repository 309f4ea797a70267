import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

const OF_RUN = { pipeline: 'The segmentation.', run_key: 'The run.', revision: 'Revision of the run.' }

/** Why a number of clusters was chosen, how stable segments are, and rules that say who is in them. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table model_candidate
      add column if not exists calinski_harabasz double precision,
      add column if not exists davies_bouldin double precision,
      add column if not exists prediction_strength double precision,
      add column if not exists minimum_jaccard double precision,
      add column if not exists bic double precision,
      add column if not exists start_kind text,
      add column if not exists reason text`.execute(db)
  await sql`
    alter table segment
      add column if not exists stability double precision,
      add column if not exists rule text,
      add column if not exists rule_sql text,
      add column if not exists rule_precision double precision,
      add column if not exists rule_coverage double precision`.execute(db)

  // New columns come last, so that the views are replaced with their grants.
  await createCommentedView(
    db,
    'model_selection',
    'The numbers of clusters that were tried in a published run, what is known of each, and the one that was chosen.',
    {
      ...OF_RUN,
      method: 'Name of the method.',
      cluster_count: 'How many clusters.',
      silhouette: 'Mean silhouette width on a sample. Null: not computed.',
      inertia: 'Sum of squared distances to the nearest centre, on the sample.',
      smallest_share: 'Share of the smallest cluster, 0 to 1.',
      chosen: 'Whether this one was taken.',
      calinski_harabasz: 'Spread between the clusters over spread within, larger is better. Null: not computed.',
      davies_bouldin: 'How far clusters reach into one another, smaller is better. Null: not computed.',
      prediction_strength:
        'How well the clusters of one half of the customers predict the weakest of the other half, 0 to 1; 0.8 is good. Null: not computed.',
      minimum_jaccard:
        'How well the least stable cluster comes back when customers are drawn anew, 0 to 1; below 0.6 it is not to be trusted. Null: not computed.',
      bic: 'Bayesian information criterion, smaller is better. Null: the method has no likelihood.',
      start_kind:
        'warm: from the clusters of the live model, and no other start was better; else cold. Null: not known.',
      reason: 'Why it was taken, or what speaks against it. Null: not known.',
    },
    sql`select p.pipeline, p.run_key, p.revision, m.method, m.cluster_count, m.silhouette, m.inertia, m.smallest_share,
      m.chosen, m.calinski_harabasz, m.davies_bouldin, m.prediction_strength, m.minimum_jaccard, m.bic, m.start_kind, m.reason
      from model_candidate m join publication p on p.id = m.publication_id`,
  )

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
      stability:
        'How well it comes back when customers are drawn anew: mean Jaccard overlap, 0 to 1; from 0.85 highly stable. Null: not computed.',
      rule: 'Who is in it, as a decision tree of at most four questions says, in words. Null: no rule is made, or it has criteria of its own.',
      rule_sql: 'The same as a condition over the columns of features. Null: no rule.',
      rule_precision: 'Share of the customers that meet the rule who are in the segment. Null: nobody meets it.',
      rule_coverage: 'Share of the customers of the segment that meet the rule. Null: nobody is in it.',
    },
    sql`select pipeline, segment_key, name, description, criteria, level, parent_segment_key, status, customers, share,
      first_as_of, last_as_of, stability, rule, rule_sql, rule_precision, rule_coverage from segment`,
  )
}
