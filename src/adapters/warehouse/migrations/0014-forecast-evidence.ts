import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** What speaks for a forecast beside what speaks for a number of clusters. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table model_candidate
      add column if not exists log_likelihood double precision,
      add column if not exists back_test_error double precision,
      alter column inertia drop not null,
      alter column smallest_share drop not null`.execute(db)

  // New columns come last, so that the view is replaced with its grants.
  await createCommentedView(
    db,
    'model_selection',
    'What was tried in a published run, what is known of it, and what was taken: numbers of clusters, levels, forecasts. No rows for methods that choose nothing: rules, rfm, tiers.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      method: 'Name of the method or model; of a layer after its name.',
      cluster_count: 'How many clusters.',
      silhouette: 'Mean silhouette width on a sample. Null: not computed.',
      inertia: 'Sum of squared distances to the nearest centre, on the sample. Null: the method measures no distances.',
      smallest_share: 'Share of the smallest cluster, 0 to 1. Null: not counted.',
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
      log_likelihood: 'Logarithm of the likelihood of what was fitted, larger is better. Null: there is none.',
      back_test_error:
        'Of a forecast, root mean square error of the purchases of a customer in the last horizon, which it had not seen; method naive: everybody goes on as before. Null: not tested.',
    },
    sql`select p.pipeline, p.run_key, p.revision, m.method, m.cluster_count, m.silhouette, m.inertia, m.smallest_share,
      m.chosen, m.calinski_harabasz, m.davies_bouldin, m.prediction_strength, m.minimum_jaccard, m.bic, m.start_kind, m.reason,
      m.log_likelihood, m.back_test_error
      from model_candidate m join publication p on p.id = m.publication_id`,
  )
}
