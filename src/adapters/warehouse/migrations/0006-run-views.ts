import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

const ofRun = {
  pipeline: 'The segmentation.',
  run_key: 'The run.',
  revision: 'Revision of the run.',
}

/** The views that know runs. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createCommentedView(
    db,
    'runs',
    'Every run and revision, whatever became of it.',
    {
      run_key: 'The pipeline and the as-of date in its zone.',
      revision: 'Counts the reruns of a run key, from 1.',
      pipeline: 'The segmentation.',
      kind: 'refit (may form new segments) or score (places customers with the live model).',
      period: 'The period that the as-of closes.',
      as_of: 'The instant the run looks from; only rows strictly before it count.',
      status:
        'running, published, held, rejected, failed, cancelled, superseded (a newer revision is published) or rolled_back.',
      verdict: 'Worst outcome of the gates. Null before validation.',
      counts: 'Rows in, rows out, rejected and seconds of each finished stage.',
      definition_hash: 'SHA-256 of the definition the run obeyed.',
      input_hash: 'Digest of the rows that were read. Null: not recorded.',
      seed: 'Seed of the clustering.',
      code_version: 'Version of resegment.',
      workflow_id: 'Temporal Workflow Id.',
      temporal_run_id: 'Temporal Run Id of the newest execution.',
      manifest_uri: 'Manifest of the published files. Null: none were written.',
      report_uri: 'The report. Null: none was written.',
      started_at: 'When the run was first recorded.',
      finished_at: 'When it ended. Null: it has not.',
      published_at: 'When consumers could see it. Null: never.',
      stale_after: 'When the next run should have replaced it. Null: no schedule says.',
    },
    sql`select run_key, revision, pipeline, kind, period, as_of, status, verdict, counts, definition_hash, input_hash, seed,
      code_version, workflow_id, temporal_run_id, manifest_uri, report_uri, started_at, finished_at, published_at, stale_after
      from run`,
  )

  await createCommentedView(
    db,
    'run_events',
    'Who did what to a run, and why.',
    {
      ...ofRun,
      event: 'What was done: approved, rejected, ...',
      actor: 'Who did it.',
      reason: 'Why, in their words.',
      recorded_at: 'When it was recorded.',
      temporal_run_id: 'Temporal Run Id of the execution it was done to.',
    },
    sql`select r.pipeline, e.run_key, e.revision, e.event, e.actor, e.reason, e.recorded_at, e.temporal_run_id
      from run_event e join run r using (run_key, revision)`,
  )

  await createCommentedView(
    db,
    'validation_checks',
    'What each gate of a run computed and decided.',
    {
      ...ofRun,
      gate: 'Name of the gate.',
      outcome: 'pass, not-computable, warn, hold or fail.',
      value: 'What was computed. Null: nothing to compare with.',
      threshold: 'The threshold that decided. Null: none was crossed.',
      message: 'One sentence with the figures. Null: the run did not come to publication.',
    },
    sql`select r.pipeline, c.run_key, c.revision, c.gate, c.outcome, c.value, c.threshold, c.message
      from validation_check c join run r using (run_key, revision)`,
  )

  await createCommentedView(
    db,
    'data_quality',
    'How many rows of a source each cleansing rule matched and rejected in a published run.',
    {
      ...ofRun,
      source: 'Name of the source.',
      rule: 'Name of the rule.',
      action: 'What the rule does.',
      matched: 'Rows that match the rule, whatever other rules say of them.',
      rejected: 'Rows that this rule rejected: the first rule that matched them.',
      rows_in: 'Rows that came in.',
    },
    sql`select p.pipeline, p.run_key, p.revision, d.source, d.rule, d.action, d.matched, d.rejected, d.rows_in
      from quality_count d join publication p on p.id = d.publication_id`,
  )

  await createCommentedView(
    db,
    'model_selection',
    'The numbers of clusters that were tried in a published run, and the one that was chosen.',
    {
      ...ofRun,
      method: 'Name of the method.',
      cluster_count: 'How many clusters.',
      silhouette: 'Mean silhouette width on a sample. Null: not computed.',
      inertia: 'Sum of squared distances to the nearest centre, on the sample.',
      smallest_share: 'Share of the smallest cluster, 0 to 1.',
      chosen: 'Whether this one was taken.',
    },
    sql`select p.pipeline, p.run_key, p.revision, m.method, m.cluster_count, m.silhouette, m.inertia, m.smallest_share,
      m.chosen
      from model_candidate m join publication p on p.id = m.publication_id`,
  )
}
