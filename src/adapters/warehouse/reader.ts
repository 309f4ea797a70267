import { type Selectable, sql } from 'kysely'
import { readSyncs } from './activation/read-syncs.ts'
import { describePublication, nothingPublished } from './describe-publication.ts'
import { openMigrated } from './migrate.ts'
import { readContract } from './read-contract.ts'
import { readEarlierStages } from './read-durations.ts'
import { readNearest } from './read-nearest.ts'
import { readPaths } from './read-paths.ts'
import { readRecord } from './read-record.ts'
import { readStandings } from './read-standings.ts'
import { readCheckedRuns, readChecks } from './read-checks.ts'
import type {
  CustomerRecord,
  LiveDefinition,
  RunDescription,
  RunFilter,
  RunRow,
  SegmentRow,
  WarehouseReader,
} from '../../ports/warehouse-reader.ts'
import type { KeptDefinition } from '../../plan/kept-definition.ts'
import type { RunStatus, StageCounts } from '../../run/run-status.ts'
import type { WarehouseOptions, WarehouseTransaction } from './connection.ts'
import type { RunTable } from './tables.ts'

/** Reads what the command line shows. Opens no connection before it is used. */
export function makeWarehouseReader(options: WarehouseOptions): WarehouseReader {
  const pool = openMigrated(options, 1)
  return {
    runs: (pipeline, limit, filter) =>
      pool.transaction((transaction) => readRuns(transaction, pipeline, limit, filter)),
    describeRun: (runKey, revision) => pool.transaction((transaction) => describeRun(transaction, runKey, revision)),
    newestPublished: (runKey) => pool.transaction((transaction) => readNewestPublished(transaction, runKey)),
    checkedRuns: (pipeline, limit) => pool.transaction((transaction) => readCheckedRuns(transaction, pipeline, limit)),
    paths: (pipeline) => pool.transaction((transaction) => readPaths(transaction, pipeline)),
    segments: (pipeline) => pool.transaction((transaction) => readSegments(transaction, pipeline)),
    customer: (pipeline, customerId) =>
      pool.transaction((transaction) => readCustomer(transaction, pipeline, customerId)),
    nearest: (pipeline, run) => pool.transaction((transaction) => readNearest(transaction, pipeline, run)),
    liveDefinition: (pipeline) => pool.transaction((transaction) => readLiveDefinition(transaction, pipeline)),
    contract: () => pool.transaction(readContract),
    standings: () => pool.transaction(readStandings),
    record: (pipeline) => pool.transaction((transaction) => readRecord(transaction, pipeline)),
    close: () => pool.close(),
  }
}

async function readRuns(
  { db }: WarehouseTransaction,
  pipeline: string | undefined,
  limit: number,
  { statuses, since }: RunFilter = {},
): Promise<readonly RunRow[]> {
  let query = selectRuns(db)
  if (pipeline !== undefined) query = query.where('pipeline', '=', pipeline)
  if (statuses !== undefined) query = query.where('status', 'in', statuses)
  if (since !== undefined) query = query.where('started_at', '>=', since)
  const rows = await query
    .orderBy('as_of', 'desc')
    .orderBy('revision', 'desc')
    .orderBy('run_key')
    .limit(limit)
    .execute()
  return rows.map(toRunRow)
}

async function describeRun(
  transaction: WarehouseTransaction,
  runKey: string,
  revision: number | undefined,
): Promise<RunDescription | undefined> {
  const { db } = transaction
  let query = selectRuns(db).where('run_key', '=', runKey)
  if (revision !== undefined) query = query.where('revision', '=', revision)
  const run = await query.orderBy('revision', 'desc').limit(1).executeTakeFirst()
  if (!run) return undefined
  const checks = await readChecks(transaction, { runKey, revision: run.revision })
  const events = await db
    .selectFrom('run_event')
    .select(['event', 'actor as by', 'reason', 'identity', 'recorded_at as recordedAt'])
    .where('run_key', '=', runKey)
    .where('revision', '=', run.revision)
    .orderBy('recorded_at')
    .execute()
  const publication = await db
    .selectFrom('publication')
    .select('id')
    .where('run_key', '=', runKey)
    .where('revision', '=', run.revision)
    .where('published_at', 'is not', null)
    .orderBy('published_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const lastStatus = run.status_document as RunStatus | null
  return {
    ...toRunRow(run),
    checks,
    events,
    syncs: await readSyncs(transaction, sql`p.run_key = ${runKey} and p.revision = ${run.revision}`),
    lastStatus,
    earlierStages: await readEarlierStages(transaction, { runKey, revision: run.revision }),
    publicationId: publication?.id ?? null,
    ...(publication
      ? await describePublication(transaction, publication.id)
      : { ...nothingPublished, segments: lastStatus?.segments ?? [] }),
  }
}

async function readNewestPublished({ db }: WarehouseTransaction, runKey: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('publication')
    .select((select) => select.fn.max('revision').as('newest'))
    .where('run_key', '=', runKey)
    .where('published_at', 'is not', null)
    .executeTakeFirst()
  return row?.newest ?? undefined
}

async function readSegments({ db }: WarehouseTransaction, pipeline: string): Promise<readonly SegmentRow[]> {
  return db
    .selectFrom('segment')
    .select([
      'segment_key as segmentKey',
      'name',
      'description',
      'criteria',
      'stability',
      'rule',
      'rule_sql as ruleSql',
      'rule_precision as rulePrecision',
      'rule_coverage as ruleCoverage',
      'level',
      'parent_segment_key as parentSegmentKey',
      'status',
      'customers',
      'share',
      'first_as_of as firstAsOf',
      'last_as_of as lastAsOf',
    ])
    .where('pipeline', '=', pipeline)
    .orderBy((order) => order('status', '=', 'retired'))
    .orderBy('customers', 'desc')
    .orderBy('segment_key')
    .execute()
}

async function readLiveDefinition({ db }: WarehouseTransaction, pipeline: string): Promise<LiveDefinition | undefined> {
  const live = await db
    .selectFrom('pipeline')
    .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
    .leftJoin('definition', 'definition.hash', 'publication.definition_hash')
    .select(['publication.run_key as runKey', 'publication.revision', 'definition.document'])
    .where('pipeline.name', '=', pipeline)
    .executeTakeFirst()
  if (!live) return undefined
  const { runKey, revision, document } = live
  return { runKey, revision, definition: (document ?? null) as KeptDefinition | null }
}

async function readCustomer(
  { db }: WarehouseTransaction,
  pipeline: string,
  customerId: string,
): Promise<CustomerRecord | undefined> {
  const history = await db
    .selectFrom('customer_segment_history')
    .select([
      'segment_key as segmentKey',
      'segment_name as segmentName',
      'valid_from as validFrom',
      'valid_to as validTo',
      'published_from as publishedFrom',
      'published_to as publishedTo',
      'run_key as runKey',
      'move_reason as moveReason',
    ])
    .where('pipeline', '=', pipeline)
    .where('customer_id', '=', customerId)
    .orderBy('valid_from')
    .execute()
  if (history.length === 0) return undefined
  const current = await db
    .selectFrom('customer_segments')
    .select([
      'segment_key as segmentKey',
      'segment_name as segmentName',
      'layer',
      'confidence',
      'distance',
      'next_segment_key as nextSegmentKey',
      'is_outlier as isOutlier',
      'is_holdout as isHoldout',
      'since',
      'as_of as asOf',
      'period',
      'run_key as runKey',
    ])
    .where('pipeline', '=', pipeline)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  return { pipeline, customerId, current: current ?? null, history }
}

/** Rows of `run`, each with whether consumers see it: view `runs` has not all columns that we show. */
function selectRuns(db: WarehouseTransaction['db']) {
  return db
    .selectFrom('run')
    .selectAll('run')
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('pipeline')
          .innerJoin('publication', 'publication.id', 'pipeline.publication_id')
          .select('publication.id')
          .whereRef('pipeline.name', '=', 'run.pipeline')
          .whereRef('publication.run_key', '=', 'run.run_key')
          .whereRef('publication.revision', '=', 'run.revision'),
      ).as('is_live'),
    )
}

function toRunRow(run: Selectable<RunTable> & { is_live: unknown }): RunRow {
  return {
    runKey: run.run_key,
    revision: run.revision,
    pipeline: run.pipeline,
    kind: run.kind,
    period: run.period,
    asOf: run.as_of,
    status: run.status,
    verdict: run.verdict,
    stages: run.counts as readonly StageCounts[],
    moved: run.moved,
    definitionHash: run.definition_hash,
    codeVersion: run.code_version,
    workflowId: run.workflow_id,
    temporalRunId: run.temporal_run_id,
    manifestUri: run.manifest_uri,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    publishedAt: run.published_at,
    failure: run.failure,
    isLive: run.is_live === true,
  }
}
