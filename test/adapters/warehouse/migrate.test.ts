import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WarehouseNotMigrated } from '../../../src/errors/warehouse-not-migrated.ts'
import { makeLedger } from '../../../src/adapters/warehouse/ledger.ts'
import { migrate } from '../../../src/adapters/warehouse/migrate.ts'
import { allMigrations, newestMigration } from '../../../src/adapters/warehouse/migrations/all-migrations.ts'
import { roles } from '../../../src/run/data-roles.ts'
import { useStack } from '../../use-stack.ts'
import { schemaText } from './schema-text.ts'

const schema = `migrated_${process.pid}`
/** The contract, version 1, as far as this version has values for it. */
const views = {
  alarms: 'id pipeline kind period run_key message remedy raised_at cleared_at',
  audience_members: 'audience_id customer_id',
  audiences: 'id name description',
  destination_syncs:
    'pipeline run_key revision destination kind state effects sent pending failed attempts last_error workflow_id started_at finished_at',
  experiment_assignments: 'experiment pipeline run_key customer_id segment_key segment_name arm assigned_at',
  customer_features: 'pipeline customer_id feature value text_value run_key',
  customer_reasons: 'pipeline customer_id reasons run_key',
  customer_scores: 'pipeline customer_id score value unit run_key',
  customer_segments:
    'pipeline customer_id segment_key segment_name layer confidence distance next_segment_key is_outlier is_holdout since as_of period run_key',
  customer_segment_history:
    'pipeline customer_id segment_key segment_name valid_from valid_to published_from published_to run_key move_reason is_holdout',
  published_memberships:
    'pipeline customer_id segment_key segment_name is_holdout published_from published_to run_key revision move_reason',
  customer_segment_memberships: 'pipeline customer_id segment_key layer is_primary since',
  segments:
    'pipeline segment_key name description criteria level parent_segment_key status customers share first_as_of last_as_of stability rule rule_sql rule_precision rule_coverage layer owner lineage_kind lineage_segment_keys lineage_overlap lineage_run_key',
  segment_lineage: 'pipeline run_key revision from_segment_key to_segment_key kind overlap parent_share child_share',
  segment_profiles:
    'pipeline run_key revision segment_key feature mean median p10 p90 null_share population_mean effect_size lift unit',
  segment_playbook:
    'pipeline segment_key segment_name character because message messaging offer channels content journey sales_priority territory account own_fields run_key revision',
  segment_campaigns:
    'pipeline run_key revision segment_key campaign customers responses response_rate lower_bound upper_bound cost attributed return_on_spend currency is_suppressed',
  segment_kpis:
    'pipeline run_key revision segment_key kpi period period_start period_end value lower_bound upper_bound customers unit difference difference_lower difference_upper is_suppressed is_lead',
  segment_feedback: 'pipeline segment_key judgement customer_id belongs_in note author given_at',
  segment_effectiveness:
    'pipeline run_key revision judged_by judged_from judged_until is_review segment_key segment_name customers contact_cost cost_share ordered_share earned_share earned_is gap gap_lower gap_upper proposed_shift held_out others lift_spend lift_spend_lower lift_spend_upper lift_ordered lift_ordered_lower lift_ordered_upper',
  segmentation_effectiveness:
    'pipeline run_key revision judged_by judged_from judged_until judged_at effectiveness_index band target customers segments spend_explained conversion_explained targeting_gain kpi_spread stability coverage rfm_spend_explained rfm_conversion_explained permutation_p is_review report_uri',
  segment_transitions: 'pipeline run_key revision from_segment_key to_segment_key move_reason customers',
  schedule_events: 'schedule_id pipeline event actor reason recorded_at',
  segment_events:
    'pipeline run_key revision as_of customer_id event from_segment_key to_segment_key move_reason published_at is_historical',
  segment_snapshots: 'name pipeline customer_id segment_key segment_name is_holdout run_key revision as_of tagged_at',
  scorecards: 'asked_at question score most findings',
  runs: 'run_key revision pipeline kind period as_of status verdict counts definition_hash input_hash seed code_version workflow_id temporal_run_id manifest_uri report_uri started_at finished_at published_at stale_after is_live is_historical',
  run_comparisons: 'pipeline run_key revision compared_with measure subject value previous_value',
  run_events: 'pipeline run_key revision event actor reason recorded_at temporal_run_id identity',
  validation_checks:
    'pipeline run_key revision gate outcome value threshold message effect unit subject meaning why remedy customers list_customers seen',
  data_quality:
    'pipeline run_key revision source rule action matched rejected rows_in role fixed column_name nulls distinct_values minimum maximum share previous_share',
  erasures: 'request_id customers asked_at asked_by reason due_at finished_at stores remarks',
  expected_runs:
    'pipeline kind period run_key as_of due_at deadline state revision published_at overtaken_by is_overdue',
  model_selection:
    'pipeline run_key revision method cluster_count silhouette inertia smallest_share chosen calinski_harabasz davies_bouldin prediction_strength minimum_jaccard bic start_kind reason log_likelihood back_test_error',
}
const canonicalColumns = Object.values(roles).flatMap(({ columns }) => Object.keys(columns))
const columnNames = [...new Set([...Object.values(views).join(' ').split(' '), ...canonicalColumns])]

describe('migrate', () => {
  let client: pg.Client
  let options: { connectionString: string; schema: string }

  beforeAll(async () => {
    options = { connectionString: (await useStack()).endpoints.warehouse, schema }
    client = new pg.Client(options)
    await client.connect()
  })
  afterAll(async () => {
    await client.query(`drop schema if exists ${schema} cascade`)
    await client.end()
  })

  it('tells whoever works without it to run it', async () => {
    const ledger = makeLedger(options)
    await expect(ledger.newestRevision('shop@2026-10-01')).rejects.toBeInstanceOf(WarehouseNotMigrated)
    const reports = await Promise.all([migrate(options), migrate(options), migrate(options)])
    // Three at once: one does it all, the others find it done.
    expect(reports.map((report) => report.applied.length).sort()).toEqual([0, 0, Object.keys(allMigrations).length])
    await expect(ledger.newestRevision('shop@2026-10-01')).resolves.toBe(0)
    await ledger.close()
  })

  it('does nothing the second time', async () => {
    expect(await migrate(options)).toEqual({ schema, applied: [], newest: newestMigration })
  })

  it.each([newestMigration, '0050-schedules'])(
    'is asked for when the schema lacks what this version needs, whatever it has beside it: %s',
    async (lacking) => {
      await client.query(`delete from ${schema}.migration where name = '${lacking}'`)
      const ledger = makeLedger(options)
      await expect(ledger.newestRevision('shop@2026-10-01')).rejects.toThrow(`lacks migration ${lacking}, which`)
      await ledger.close()
      // Whatever may be applied twice: it creates what is not there, or replaces a view.
      expect((await migrate(options)).applied).toEqual([lacking])
    },
  )

  it('makes the views of the contract, with a comment on each column', async () => {
    const { rows } = await client.query<{ view: string; columns: string; commented: boolean }>(
      `select relname as view, string_agg(attname, ' ' order by attnum) as columns,
        bool_and(col_description(attrelid, attnum) is not null and obj_description(c.oid, 'pg_class') is not null) as commented
      from pg_class c join pg_attribute on attrelid = c.oid and attnum > 0
      where relnamespace = '${schema}'::regnamespace and relkind = 'v' group by relname`,
    )
    expect(Object.fromEntries(rows.map((row) => [row.view, row.columns]))).toEqual(views)
    expect(rows.filter((row) => !row.commented)).toEqual([])
  })

  it('makes the schema that is kept in test/golden', async () => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`)
    // Postgres prints definitions a little differently from one major version to the next.
    if (!rows[0]!.version.startsWith('18')) return
    await expect(await schemaText(client, schema)).toMatchFileSnapshot('../../golden/schema.sql')
  })

  it('uses only column names that Postgres and DuckDB take unquoted', async () => {
    const duck = await (await DuckDBInstance.create(':memory:')).connect()
    for (const name of columnNames) {
      await client.query(`create temp table unquoted (${name} text)`)
      await client.query(
        `select ${name}, u.${name} from unquoted u where ${name} is null group by ${name} order by ${name}`,
      )
      await client.query('drop table unquoted')
      await duck.run(`create table unquoted (${name} text)`)
      await duck.run(
        `select ${name}, u.${name} from unquoted u where ${name} is null group by ${name} order by ${name}`,
      )
      await duck.run('drop table unquoted')
    }
    duck.closeSync()
  })
})
