import { Readable } from 'node:stream'
import { pipeline as pump } from 'node:stream/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { moveReasons } from '../../run/transition.ts'
import { readParquet } from '../../sql/sql-text.ts'
import { joinValues } from '../../sql/feature-values.ts'
import { codeOf, coded } from './coded-text.ts'
import { featureColumns, featureNames, selectFeatures } from './feature-columns.ts'
import { outputColumns, selectOutputs } from './method-outputs.ts'
import { scorePartition } from './score-partition.ts'
import { copyHeader, copyTrailer, encodeRows } from './copy-binary.ts'
import type { BinaryColumn } from './copy-binary.ts'
import type { ColumnTable, ComputeSession } from '../../ports/compute-engine.ts'
import type { Publication } from '../../ports/destination.ts'
import type { WarehousePool, WarehouseTransaction } from './connection.ts'

export interface LoadedPublication {
  readonly id: number
  readonly isPublished: boolean
}

const BUCKETS = 256
const ROWS_A_SLICE = 50_000
const ROWS_A_BUFFER = 1_000
const UNIQUE_VIOLATION = '23505'

/**
 * Loads the candidate into a partition of its own that no pointer names yet: invisible to consumers. All of it is one transaction, so that
 * a dead attempt leaves nothing; a second attempt finds what the first one committed.
 */
export async function loadScores(
  pool: WarehousePool,
  session: ComputeSession,
  publication: Publication,
  onProgress: (rowsDone: number) => void,
): Promise<LoadedPublication> {
  const found = await findPublication(pool, publication)
  if (found) return found
  const id = await pool.transaction(async (transaction) => {
    const newId = await nextId(transaction)
    await createPartition(transaction, newId)
    await copyRows(transaction.client, session, publication, newId, onProgress)
    await finishPartition(transaction, publication, newId)
    return (await insertPublication(transaction, publication, newId)) ? newId : abandon(transaction)
  })
  if (id !== undefined) return { id, isPublished: false }
  // Another attempt committed the same publication meanwhile.
  return (await findPublication(pool, publication)) ?? loadScores(pool, session, publication, onProgress)
}

function findPublication(pool: WarehousePool, { plan, digest }: Publication): Promise<LoadedPublication | undefined> {
  return pool.transaction(async ({ db }) => {
    const row = await db
      .selectFrom('publication')
      .select(['id', 'published_at'])
      .where('pipeline', '=', plan.pipeline)
      .where('run_key', '=', plan.runKey)
      .where('revision', '=', plan.revision)
      .where('digest', '=', digest)
      .executeTakeFirst()
    return row && { id: row.id, isPublished: row.published_at !== null }
  })
}

async function nextId({ db }: WarehouseTransaction): Promise<number> {
  const { rows } = await sql<{ id: number }>`select nextval(pg_get_serial_sequence('publication', 'id')) as id`.execute(
    db,
  )
  return rows[0]!.id
}

async function createPartition({ db }: WarehouseTransaction, id: number): Promise<void> {
  // The check spares ATTACH a scan of the rows.
  await sql`create table ${sql.id(scorePartition(id))} (
    like membership_score, check (publication_id is not null and publication_id = ${sql.lit(id)}))`.execute(db)
}

/** Slices by bucket keep memory bounded: the files are ordered by it, so each slice reads little more than its own rows. */
async function copyRows(
  client: pg.PoolClient,
  session: ComputeSession,
  { rowFiles, validation, features }: Publication,
  id: number,
  onProgress: (rowsDone: number) => void,
): Promise<void> {
  if (rowFiles.length === 0) return
  const keys = validation.segments.map((segment) => segment.segmentKey)
  const bucketsASlice = Math.max(1, Math.floor((BUCKETS * ROWS_A_SLICE) / Math.max(1, validation.customers)))
  const fetchSlice = (bucket: number): Promise<ColumnTable> => {
    const ofSlice = `bucket >= ${bucket} AND bucket < ${bucket + bucketsASlice}`
    const rows = `(SELECT * FROM ${readParquet(rowFiles)} WHERE ${ofSlice})`
    return session.columns(`
      SELECT customer_id, ${codeOf('segment_key', keys)}, confidence, distance, ${codeOf('next_segment_key', keys)},
        CAST(is_outlier AS INTEGER) AS is_outlier, CAST(is_holdout AS INTEGER) AS is_holdout,
        ${codeOf('move_reason', moveReasons)}${selectOutputs(validation.outputs, keys)}${selectFeatures(features)}
      FROM ${features ? `${joinValues(rows, features, ofSlice)} ORDER BY bucket, customer_id` : rows}`)
  }

  async function* buffers(): AsyncGenerator<Buffer> {
    let rowsDone = 0
    yield copyHeader
    for await (const slice of oneAhead(BUCKETS, bucketsASlice, fetchSlice)) {
      const columns = [
        ...toBinaryColumns(slice, id, keys),
        ...outputColumns(slice, validation.outputs, keys),
        ...featureColumns(slice, features),
      ]
      for (let row = 0; row < slice.rowCount; row += ROWS_A_BUFFER)
        yield encodeRows(columns, row, Math.min(slice.rowCount, row + ROWS_A_BUFFER))
      onProgress((rowsDone += slice.rowCount))
    }
    yield copyTrailer
  }

  // FREEZE is safe: nobody can name the partition before this transaction commits. It spares the first readers a rewrite.
  const target = client.query(copyFrom(`copy ${scorePartition(id)} from stdin (format binary, freeze)`))
  await pump(Readable.from(buffers(), { objectMode: false }), target)
}

/** What `fetch` gives from 0 below `end`, the next while the one before is used: the engine reads while the server writes. */
async function* oneAhead<T>(end: number, step: number, fetch: (from: number) => Promise<T>): AsyncGenerator<T> {
  let next = fetch(0)
  try {
    for (let from = step; from < end; from += step) {
      const current = await next
      next = fetch(from)
      // Nobody may be waiting for it when it fails.
      next.catch(() => undefined)
      yield current
    }
    yield await next
  } finally {
    // The session may not be closed over a query.
    await next.catch(() => undefined)
  }
}

function toBinaryColumns({ columns }: ColumnTable, id: number, keys: readonly string[]): readonly BinaryColumn[] {
  const float8 = (name: string) => ({ type: 'float8' as const, values: columns[name] as Float64Array })
  const bool = (name: string) => ({ type: 'bool' as const, values: columns[name] as Int32Array })
  return [
    { type: 'int8', value: id },
    { type: 'text', values: columns.customer_id as readonly (string | null)[] },
    coded(columns, 'segment_key', keys),
    float8('confidence'),
    float8('distance'),
    coded(columns, 'next_segment_key', keys),
    bool('is_outlier'),
    bool('is_holdout'),
    coded(columns, 'move_reason', moveReasons),
  ]
}

/** Checks the rows and attaches the partition; readers of other partitions are not blocked. */
async function finishPartition({ db }: WarehouseTransaction, publication: Publication, id: number): Promise<void> {
  const partition = sql.id(scorePartition(id))
  const { runKey, revision } = publication.plan
  try {
    await sql`alter table ${partition} add primary key (customer_id)`.execute(db)
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
    throw new CountsDoNotReconcile(
      `The candidate of ${runKey}~${revision} names a customer more than once.`,
      'Start the next revision; if it happens again, report it with the manifest of stage validate.',
      { cause: error },
    )
  }
  const { rows } = await sql<{ segment_key: string; customers: number }>`
    select segment_key, count(*) as customers from ${partition} group by segment_key order by segment_key`.execute(db)
  const loaded = rows.map((row) => `${row.segment_key}: ${row.customers}`).join(', ')
  const wanted = publication.validation.segments
    .filter(({ customers, level }) => customers > 0 && level === 0)
    .map((segment) => `${segment.segmentKey}: ${segment.customers}`)
  // Postgres sorts by its collation, we by code units: compare as sets.
  if (loaded.split(', ').sort().join() !== wanted.sort().join())
    throw new CountsDoNotReconcile(
      `The rows of ${runKey}~${revision} count ${loaded || 'no customers'}; validation counted ${wanted.join(', ')}.`,
      'Start the next revision; if it happens again, report it with the manifest of stage validate.',
    )
  await sql`alter table membership_score attach partition ${partition} for values in (${sql.lit(id)})`.execute(db)
}

/** The publication of a run: what was published under a run id is one result for ever. Null: there is none, which the switch refuses. */
function publicationOf(pipeline: string, runId: string | null) {
  const isOfRun = sql`pipeline = ${pipeline} and run_key || '~' || revision = ${runId}`
  return sql<number | null>`(select id from publication where ${isOfRun} and published_at is not null)`
}

/** @returns false when another attempt has committed the same publication */
async function insertPublication({ db }: WarehouseTransaction, publication: Publication, id: number): Promise<boolean> {
  const { plan, validation, digest } = publication
  const inserted = await db
    .insertInto('publication')
    .values({
      id,
      pipeline: plan.pipeline,
      run_key: plan.runKey,
      revision: plan.revision,
      digest,
      period: plan.period,
      as_of: plan.asOf,
      definition_hash: plan.definitionHash,
      customers: validation.customers,
      clean_rows: validation.cleanRows,
      compared_with: publicationOf(plan.pipeline, validation.comparedWith),
      is_historical: plan.options.historical === true,
      model: JSON.stringify(validation.model ?? null),
      score_names: validation.outputs.scores.map(({ name }) => name),
      score_units: validation.outputs.scores.map(({ unit }) => unit),
      also_layers: validation.outputs.also.map(({ layer }) => layer),
      reason_labels: [...validation.outputs.reasons],
      feature_names: featureNames(publication),
      fencing_token: null,
      published_at: null,
    })
    .onConflict((conflict) => conflict.columns(['pipeline', 'run_key', 'revision', 'digest']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

async function abandon({ client }: WarehouseTransaction): Promise<undefined> {
  // The commit that follows ends nothing, which Postgres takes with a warning.
  await client.query('rollback')
}
