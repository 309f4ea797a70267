import { sql } from 'kysely'
import type { AssignedCustomer } from '../../experiment/assign-customers.ts'
import type { SegmentBaseline } from '../../experiment/plan-experiment.ts'
import type { DrawableCustomer, DrawnExperiment, Experiments, KeptExperiment } from '../../ports/experiments.ts'
import type { WarehouseTransaction } from './connection.ts'
import { openMigrated } from './migrate.ts'
import { findSuppressed, isSuppressed, type PrivacyOptions } from './privacy/suppressed.ts'

const ROWS_A_STATEMENT = 20_000

/** Experiments in tables of the warehouse. Opens no connection before it is used. */
export function makeExperiments(options: PrivacyOptions): Experiments {
  const pool = openMigrated(options, 1)
  return {
    live: (pipeline) => pool.transaction((transaction) => readLive(transaction, pipeline)),
    baselines: (pipeline, feature) => pool.transaction((transaction) => readBaselines(transaction, pipeline, feature)),
    keep: (experiment, members, by) =>
      pool.transaction((transaction) => keep(transaction, options, { experiment, members, by })),
    find: (name) =>
      pool.transaction(async ({ db }) => {
        const { rows } = await sql<KeptExperiment>`
          select name, pipeline, run_key as "runKey", arms, assigned_at as "assignedAt" from experiment where name = ${name}`.execute(
          db,
        )
        return rows[0]
      }),
    members: (name) =>
      pool.transaction(async ({ db }) => {
        const { rows } = await sql<AssignedCustomer>`
          select customer_id as "customerId", segment_key as "segmentKey", segment_name as "segmentName", arm
          from experiment_member where experiment = ${name} order by customer_id`.execute(db)
        return rows
      }),
    close: () => pool.close(),
  }
}

async function readLive({ db }: WarehouseTransaction, pipeline: string): ReturnType<Experiments['live']> {
  const { rows } = await sql<DrawableCustomer & { runKey: string }>`
    select customer_id as "customerId", segment_key as "segmentKey", segment_name as "segmentName",
      is_holdout as "isHoldout", run_key as "runKey"
    from customer_segments where pipeline = ${pipeline} order by customer_id`.execute(db)
  return rows[0] && { runKey: rows[0].runKey, customers: rows }
}

async function readBaselines(
  { db }: WarehouseTransaction,
  pipeline: string,
  feature: string | null,
): Promise<readonly SegmentBaseline[]> {
  const { rows } = await sql<SegmentBaseline>`
    select c.segment_name as segment, count(*)::int as customers, avg(f.value) as mean, stddev_samp(f.value) as deviation,
      coalesce(bool_and(f.value in (0, 1)), false) as "isShare"
    from customer_segments c
    left join customer_features f
      on f.pipeline = c.pipeline and f.customer_id = c.customer_id and f.feature = ${feature}::text
    where c.pipeline = ${pipeline} and not c.is_holdout
    group by c.segment_name order by count(*) desc, c.segment_name`.execute(db)
  return rows
}

async function keep(
  transaction: WarehouseTransaction,
  { privacyKey }: PrivacyOptions,
  {
    experiment: { name, pipeline, runKey, arms },
    members,
    by,
  }: { readonly experiment: DrawnExperiment; readonly members: readonly AssignedCustomer[]; readonly by: string },
): Promise<boolean> {
  const { db } = transaction
  const inserted = await sql`
    insert into experiment (name, pipeline, run_key, arms, actor)
    values (${name}, ${pipeline}, ${runKey}, ${JSON.stringify(arms)}::jsonb, ${by})
    on conflict (name) do nothing`.execute(db)
  if (Number(inserted.numAffectedRows ?? 0) === 0) return false
  // Whoever objected while it was drawn takes no part.
  const suppressed = await findSuppressed(transaction, pipeline, privacyKey)
  const takesPart = suppressed ? sql`not (${isSuppressed(suppressed, sql.ref('customer_id'))})` : sql`true`
  for (let from = 0; from < members.length; from += ROWS_A_STATEMENT) {
    const some = members.slice(from, from + ROWS_A_STATEMENT)
    const of = (key: keyof AssignedCustomer): readonly string[] => some.map((member) => member[key])
    await sql`
      insert into experiment_member (experiment, customer_id, segment_key, segment_name, arm)
      select ${name}, customer_id, segment_key, segment_name, arm
      from unnest(${of('customerId')}::text[], ${of('segmentKey')}::text[], ${of('segmentName')}::text[],
        ${of('arm')}::text[]) as u (customer_id, segment_key, segment_name, arm)
      where ${takesPart}`.execute(db)
  }
  return true
}
