import { join } from 'node:path'
import { NotVerifiable } from '../errors/not-verifiable.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore, NewFile } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { ArtifactRef, Manifest } from '../run/artifact.ts'
import type { ComputedStage } from '../run/verification.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { ValidatedRefs } from './activities.ts'
import { CIRCUMSTANCES, circumstanceRoles } from './artifact-content.ts'
import type { Attempt } from './attempt.ts'
import { forgottenTables, laterOf } from './forget-later.ts'
import { readDocument, writeDocument } from './read-document.ts'
import { stageVersions } from './stage-versions.ts'

const forgotten: ReadonlySet<string> = new Set(forgottenTables)

type Overrides = RunPlan['definition']['pipeline']['overrides']

/** What a validation was made of besides rows: enough to make it again when other segments are live. */
export interface Circumstances {
  readonly formatVersion: 1
  readonly versions: Readonly<Record<ComputedStage, number>>
  /** Without the customers whom the pipeline's file puts somewhere: rows hold them, where an erasure finds them. */
  readonly plan: RunPlan
  readonly refs: ValidatedRefs
  readonly shardCount: number
  /** The model of what was live is in its publication. */
  readonly state: PublishedState
  /** Values that the live model was fitted on; null: nobody looked, or nobody had them. */
  readonly fitted: ArtifactRef | null
}

/** Tables of the session that the warehouse filled, with the order of their rows. `live` can be told from the rows themselves, but for its holdout. */
export const circumstanceTables = {
  live_also: 'customer_id, layer, segment_key',
  live_overrides: 'customer_id',
  former: 'customer_id',
  past_members: 'customer_id, segment_key',
} as const

/** Writes what the validation of a run goes by, to be kept beside it. */
export async function writeCircumstances(
  session: ComputeSession,
  attempt: Attempt,
  { plan, state, ...others }: Omit<Circumstances, 'formatVersion' | 'versions'>,
): Promise<readonly NewFile[]> {
  const { overrides, ...pipeline } = plan.definition.pipeline
  const document: Circumstances = {
    ...{ formatVersion: 1, versions: stageVersions, ...others },
    plan: { ...plan, definition: { ...plan.definition, pipeline } },
    state: { ...state, live: state.live && { ...state.live, model: null } },
  }
  const files = [await writeDocument(attempt, CIRCUMSTANCES, document)]
  if (overrides) {
    const columns = {
      position: Int32Array.from(overrides, (_, position) => position),
      customer_id: overrides.map(({ customer }) => customer),
      stated: overrides.map((override) => JSON.stringify(override)),
    }
    await session.createTable('written_overrides', { rowCount: overrides.length, columns })
    files.push(await writeTable('written_overrides', 'position'))
  }
  if (!state.live) return files
  const isForgotten = (table: string): boolean => state.past?.isAfter === true && forgotten.has(table)
  for (const [table, order] of Object.entries(circumstanceTables))
    files.push(await writeTable(table, order, isForgotten(table) ? laterOf(table) : table))
  if (isForgotten('live')) files.push(await writeTable('live', 'customer_id, segment_key', laterOf('live')))
  else
    files.push(
      await writeTable(
        'live_held_out',
        'customer_id',
        '(SELECT customer_id FROM live WHERE coalesce(is_holdout, false))',
      ),
    )
  return files

  async function writeTable(table: string, order: string, from = table): Promise<NewFile> {
    const role = circumstanceRoles[table as keyof typeof circumstanceRoles]
    const written = await session.writeParquet(
      `SELECT * FROM ${from}`,
      order,
      join(attempt.scratchPath, `${role}.parquet`),
    )
    return { role, shard: 0, extension: '.parquet', ...written }
  }
}

/** @throws NotVerifiable when an earlier version validated the run; ArtifactMissing */
export async function readCircumstances(
  store: ArtifactStore,
  uri: string,
  { files }: Manifest,
  session: Pick<ComputeSession, 'rows'>,
): Promise<Circumstances> {
  if (!files.some(({ role }) => role === CIRCUMSTANCES))
    throw new NotVerifiable(
      `An earlier version validated the run, and kept nothing of what was live then (${uri}).`,
      'Verify runs of this version; of that one the digests of its artifacts are what there is.',
    )
  const found = await readDocument<Circumstances>(store, uri, files, CIRCUMSTANCES)
  const stated = files.find(({ role }) => role === circumstanceRoles.written_overrides)
  if (!stated) return found
  const path = await store.fetchFile(uri, stated)
  const rows = await session.rows(`SELECT stated FROM ${readParquet([path])} ORDER BY position`)
  const overrides = rows.map((row) => JSON.parse(String(row.stated)) as unknown) as NonNullable<Overrides>
  const { definition } = found.plan
  return {
    ...found,
    plan: { ...found.plan, definition: { ...definition, pipeline: { ...definition.pipeline, overrides } } },
  }
}
