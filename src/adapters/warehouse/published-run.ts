import { sql } from 'kysely'
import { MOST_REASONS } from '../../run/reasons.ts'
import type { RunIdentity } from '../../run/run-key.ts'
import type { ComputeSession } from '../../ports/compute-engine.ts'
import type { PublishedFindings, PublishedRun } from '../../ports/ledger.ts'
import type { ModelOutputs } from '../../stages/cluster/model.ts'
import type { WarehousePool, WarehouseTransaction } from './connection.ts'
import { readTransitions } from './describe-publication.ts'
import { loadPublished, type Loaded } from './load-published.ts'
import { scorePartition } from './score-partition.ts'

/** The publication of a run: a revision has one at most. */
export async function readPublishedRun(
  { db }: WarehouseTransaction,
  { runKey, revision }: RunIdentity,
): Promise<PublishedRun | undefined> {
  const found = await db
    .selectFrom('publication')
    .innerJoin('run', (join) =>
      join.onRef('run.run_key', '=', 'publication.run_key').onRef('run.revision', '=', 'publication.revision'),
    )
    .select(['publication.id', 'publication.digest', 'run.input_hash', 'run.kind'])
    .where('publication.run_key', '=', runKey)
    .where('publication.revision', '=', revision)
    .where('publication.published_at', 'is not', null)
    .executeTakeFirst()
  if (!found) return undefined
  const { id: publicationId, digest, input_hash: inputHash, kind } = found
  return { publicationId, digest, inputHash, isAdopted: kind === 'adopted' }
}

/** What `Ledger.loadShown` makes. */
export async function loadShown(
  pool: WarehousePool,
  session: ComputeSession,
  publicationId: number,
  { outputs, scratchPath }: { readonly outputs: ModelOutputs; readonly scratchPath: string },
): Promise<PublishedFindings> {
  const partition = scorePartition(publicationId)
  const findings = await pool.transaction(async ({ db }): Promise<PublishedFindings> => {
    const kept = await sql<{ found: string | null }>`select to_regclass(${partition})::text as found`.execute(db)
    const segments = await db
      .selectFrom('publication_segment')
      .select(['segment_key as segmentKey', 'customers'])
      .where('publication_id', '=', publicationId)
      .execute()
    const transitions = await readTransitions({ db }, publicationId)
    const { rows } = await sql<{ left_out: number; is_kept: boolean }>`
      select p.left_out, not p.is_historical or r.status = 'published' as is_kept
      from publication p join run r on r.run_key = p.run_key and r.revision = p.revision
      where p.id = ${publicationId}`.execute(db)
    const { left_out: leftOut = 0, is_kept: hasMemberships = true } = rows[0] ?? {}
    return { segments, transitions, leftOut, hasMemberships, hasValues: kept.rows[0]!.found !== null }
  })
  const values = findings.hasValues ? [valuesOf(partition, outputs)] : []
  await loadPublished(pool, session, [shownAt(publicationId), ...values], scratchPath)
  return findings
}

/** What consumers saw when it came out; of one that filled in the past, what the history has at its as-of. */
function shownAt(id: number): Loaded {
  return {
    table: 'shown',
    query: `select m.customer_id, m.segment_key, m.is_holdout
      from publication p
      join published_memberships m on m.pipeline = p.pipeline and m.published_from <= p.published_at
        and (m.published_to is null or m.published_to > p.published_at)
      where p.id = ${id} and not p.is_historical
      union all
      select m.customer_id, m.segment_key, m.is_holdout
      from publication p
      join customer_segment_history m on m.pipeline = p.pipeline and m.valid_from <= p.as_of
        and (m.valid_to is null or m.valid_to > p.as_of)
      where p.id = ${id} and p.is_historical`,
    columns: { customer_id: 'VARCHAR', segment_key: 'VARCHAR', is_holdout: 'BOOLEAN' },
  }
}

/** The columns of the rows of validate, in their types. */
function valuesOf(partition: string, { scores, also }: ModelOutputs): Loaded {
  const plain = {
    ...{ customer_id: 'VARCHAR', segment_key: 'VARCHAR', confidence: 'DOUBLE', distance: 'DOUBLE' },
    ...{ next_segment_key: 'VARCHAR', is_outlier: 'BOOLEAN', is_holdout: 'BOOLEAN', move_reason: 'VARCHAR' },
    layer: 'VARCHAR',
  }
  const listed = [
    ...numbers(scores.length).map((n) => [`score_${n}`, `scores[${n}]`, 'DOUBLE'] as const),
    ...numbers(also.length).map((n) => [`also_${n}`, `also[${n}]`, 'VARCHAR'] as const),
    ...numbers(also.length).map(
      (n) => [`also_since_${n}`, `also_since[${n}] at time zone 'UTC'`, 'TIMESTAMP'] as const,
    ),
    ...numbers(MOST_REASONS).map((n) => [`reason_${n}`, `reasons[${n}]`, 'INTEGER'] as const),
    ...numbers(MOST_REASONS).map((n) => [`pull_${n}`, `pulls[${n}]`, 'FLOAT'] as const),
  ]
  const selected = [...Object.keys(plain), ...listed.map(([name, value]) => `${value} as ${name}`)]
  return {
    table: 'shown_values',
    query: `select ${selected.join(', ')} from ${partition}`,
    columns: { ...plain, ...Object.fromEntries(listed.map(([name, , type]) => [name, type])) },
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
