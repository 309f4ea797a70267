import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Tells which run consumers see. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createCommentedView(
    db,
    'runs',
    'Every run and revision, whatever became of it. is_live tells which one consumers see.',
    {
      run_key: 'The pipeline and the as-of date in its zone.',
      revision: 'Counts the reruns of a run key, from 1.',
      pipeline: 'The segmentation.',
      kind: 'refit (may form new segments) or score (places customers with the live model).',
      period: 'The period that the as-of closes.',
      as_of: 'The instant the run looks from; only rows strictly before it count.',
      status:
        'running, held, published (the result for its as-of, live or followed by later periods), superseded (was published; a newer revision of the same as-of is), rejected, failed, cancelled (or terminated in Temporal) or rolled_back.',
      verdict: 'Worst outcome of the gates. Null before validation.',
      counts: 'Rows in, rows out, rejected and seconds of each finished stage.',
      definition_hash: 'SHA-256 of the definition the run obeyed.',
      input_hash: 'Digest of the rows that were read. Null: not recorded.',
      seed: 'Seed of the clustering.',
      code_version: 'Version of resegment.',
      workflow_id: 'Temporal Workflow Id.',
      temporal_run_id: 'Temporal Run Id of the newest execution.',
      manifest_uri: 'Manifest of the published files. Null: none were published.',
      report_uri: 'The report. Null: none was written.',
      started_at: 'When the run was first recorded.',
      finished_at: 'When it ended. Null: it has not.',
      published_at: 'When consumers could see it. Null: never.',
      stale_after: 'When the next run should have replaced it. Null: no schedule says.',
      is_live: 'Whether customer_segments shows this run now: at most one of a pipeline.',
    },
    sql`select r.run_key, r.revision, r.pipeline, r.kind, r.period, r.as_of, r.status, r.verdict, r.counts, r.definition_hash,
      r.input_hash, r.seed, r.code_version, r.workflow_id, r.temporal_run_id, r.manifest_uri, r.report_uri, r.started_at,
      r.finished_at, r.published_at, r.stale_after, p.id is not null
      from run r
      left join (pipeline l join publication p on p.id = l.publication_id)
        on l.name = r.pipeline and p.run_key = r.run_key and p.revision = r.revision`,
  )
}
