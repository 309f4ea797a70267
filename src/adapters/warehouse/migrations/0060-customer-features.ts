import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/**
 * The features of each customer, for pipelines that publish them: arrays in the run's own partition, whose names the publication has, so that
 * they are kept and dropped with the rest of what the run said of the customer. Old workers must be stopped first: their loads would lack the
 * two columns, which Postgres refuses.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table publication add column if not exists feature_names text[] not null default '{}'`.execute(db)
  await sql`
    alter table membership_score
      add column if not exists feature_values double precision[],
      add column if not exists feature_texts text[]`.execute(db)
  await createCommentedView(
    db,
    'customer_features',
    'The features that the live run computed of each customer; a row a feature. Only of pipelines with publish.features.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      feature: 'Name of the feature; of a composition also of the level: category_mix:shoes.',
      value:
        'Its value before it is transformed, in the unit of segment_profiles. Null: the customer has none, or it is a text.',
      text_value: 'Its value where it is a category. Null: the customer has none, or it is a number.',
      run_key: 'The live run.',
    },
    sql`
      select l.name, s.customer_id, u.feature, u.value, u.text_value, p.run_key
      from pipeline l
      join publication p on p.id = l.publication_id
      join membership_score s on s.publication_id = l.publication_id
      cross join lateral unnest(p.feature_names, s.feature_values, s.feature_texts) as u (feature, value, text_value)
      where u.feature is not null`,
  )
}
