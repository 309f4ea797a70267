import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Tells of every role, of what rules changed, and of columns, each beside the run before. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table quality_count
      alter rule drop not null,
      alter action drop not null,
      alter matched drop not null,
      alter rejected drop not null,
      add column if not exists role text not null default 'transactions',
      add column if not exists fixed bigint,
      add column if not exists column_name text,
      add column if not exists nulls bigint,
      add column if not exists distinct_values bigint,
      add column if not exists minimum text,
      add column if not exists maximum text,
      add column if not exists share double precision,
      drop constraint if exists quality_count_of_rule_or_column,
      add constraint quality_count_of_rule_or_column check ((rule is null) <> (column_name is null))`.execute(db)

  // New columns come last, so that the view is replaced with its grants.
  await createCommentedView(
    db,
    'data_quality',
    'What cleansing found in a published run: a row for each rule of a source, and one for each column of a role. Rule unreadable: records that are no rows.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      source: 'Name of the source; of a column, the sources of its role.',
      rule: 'Name of the rule. Null: the row is about a column.',
      action: 'What the rule does. Null: the row is about a column.',
      matched: 'Rows that match the rule, whatever other rules say of them. Null: the row is about a column.',
      rejected: 'Rows that this rule rejected: the first rule that matched them. Null: the row is about a column.',
      rows_in:
        'Of a rule: rows of the source that came in; of rule unreadable its records. Of a column: clean rows of the role.',
      role: 'Role of the rows, such as transactions or customers.',
      fixed: 'Rows that stayed, changed by this rule. Null: the row is about a column.',
      column_name: 'Name of the column. Null: the row is about a rule.',
      nulls: 'Clean rows without a value in the column. Null: the row is about a rule.',
      distinct_values: 'Different values of the column. Null: more than ten thousand, or the row is about a rule.',
      minimum: 'Smallest value of a column of numbers or instants, as text. Null: no value, text, or about a rule.',
      maximum: 'Largest value of a column of numbers or instants, as text. Null: no value, text, or about a rule.',
      share: 'Of a rule: matched rows of those that came in. Of a column: rows without a value. 0 to 1; null: no rows.',
      previous_share:
        'The same in the publication that the run was compared with. Null: there was none, or it had no such row.',
    },
    sql`select p.pipeline, p.run_key, p.revision, d.source, d.rule, d.action, d.matched, d.rejected, d.rows_in, d.role,
      d.fixed, d.column_name, d.nulls, d.distinct_values, d.minimum, d.maximum, d.share, b.share as previous_share
      from quality_count d
      join publication p on p.id = d.publication_id
      left join quality_count b on b.publication_id = p.compared_with and b.role = d.role and b.source = d.source
        and b.rule is not distinct from d.rule and b.column_name is not distinct from d.column_name`,
  )
}
