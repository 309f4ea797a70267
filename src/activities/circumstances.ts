import { join } from 'node:path'
import { NotVerifiable } from '../errors/not-verifiable.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Ledger, PublishedState } from '../ports/ledger.ts'
import type { ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import type { ComputedStage } from '../run/verification.ts'
import { readParquet } from '../sql/sql-text.ts'
import type { ValidatedRefs } from './activities.ts'
import { CIRCUMSTANCES, circumstanceRoles } from './artifact-content.ts'
import type { Attempt } from './attempt.ts'
import { putDocument, readDocument } from './read-document.ts'
import type { StageArtifact } from './stage-artifact.ts'
import { stageVersions } from './stage-versions.ts'

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

/** Tables of the session that the warehouse filled, with the order of their rows. `live` can be told from the rows themselves. */
const TABLES = {
  live_also: 'customer_id, layer, segment_key',
  live_overrides: 'customer_id',
  former: 'customer_id',
  past_members: 'customer_id, segment_key',
} as const

/** Keeps what the validation of a run goes by, beside it. */
export async function putCircumstances(
  session: ComputeSession,
  artifact: StageArtifact,
  attempt: Attempt,
  { plan, state, ...others }: Omit<Circumstances, 'formatVersion' | 'versions'>,
): Promise<readonly ArtifactFile[]> {
  const { overrides, ...pipeline } = plan.definition.pipeline
  const document: Circumstances = {
    ...{ formatVersion: 1, versions: stageVersions, ...others },
    plan: { ...plan, definition: { ...plan.definition, pipeline } },
    state: { ...state, live: state.live && { ...state.live, model: null } },
  }
  const files = [await putDocument(artifact, attempt, CIRCUMSTANCES, document)]
  if (overrides) {
    const columns = {
      position: Int32Array.from(overrides, (_, position) => position),
      customer_id: overrides.map(({ customer }) => customer),
      stated: overrides.map((override) => JSON.stringify(override)),
    }
    await session.createTable('written_overrides', { rowCount: overrides.length, columns })
    files.push(await putTable('written_overrides', 'position'))
  }
  if (state.live) for (const [table, order] of Object.entries(TABLES)) files.push(await putTable(table, order))
  return files

  async function putTable(table: string, order: string): Promise<ArtifactFile> {
    const role = circumstanceRoles[table as keyof typeof circumstanceRoles]
    const written = await session.writeParquet(
      `SELECT * FROM ${table}`,
      order,
      join(attempt.scratchPath, `${role}.parquet`),
    )
    return artifact.putFile({ role, shard: 0, extension: '.parquet', ...written })
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

/** The ledger as it was when a run was validated; models of publications are never written over. */
export function ledgerThen(
  ledger: Ledger,
  store: ArtifactStore,
  validationUri: string,
): Pick<Ledger, 'publishedState' | 'loadPublished' | 'publishedModel'> {
  const manifestOf = async (): Promise<Manifest> => (await store.readManifest(validationUri, 'manifest'))!
  return {
    publishedModel: (id) => ledger.publishedModel(id),
    async publishedState() {
      const { files } = await manifestOf()
      const { state } = await readDocument<Circumstances>(store, validationUri, files, CIRCUMSTANCES)
      const { live } = state
      return live ? { ...state, live: { ...live, model: await ledger.publishedModel(live.publicationId) } } : state
    },
    async loadPublished(session) {
      const { files } = await manifestOf()
      const fetch = (role: string): Promise<readonly string[]> =>
        Promise.all(files.filter((file) => file.role === role).map((file) => store.fetchFile(validationUri, file)))
      const [rows, lost] = [await fetch('rows'), await fetch('lost')]
      await session.execute(`CREATE OR REPLACE TABLE live AS
        SELECT customer_id, previous_segment_key AS segment_key FROM ${readParquet(rows)} WHERE previous_segment_key IS NOT NULL
        UNION ALL SELECT customer_id, previous_segment_key FROM ${readParquet(lost)}`)
      for (const table of Object.keys(TABLES) as (keyof typeof TABLES)[])
        await session.execute(
          `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${readParquet(await fetch(circumstanceRoles[table]))}`,
        )
    },
  }
}

/** Folders that a session has to read for `ledgerThen`. */
export async function circumstancePaths(store: ArtifactStore, validationUri: string): Promise<readonly string[]> {
  const { files } = (await store.readManifest(validationUri, 'manifest'))!
  const roles: readonly string[] = ['rows', 'lost', ...Object.values(circumstanceRoles)]
  return Promise.all(
    files.filter(({ role }) => roles.includes(role)).map((file) => store.fetchFile(validationUri, file)),
  )
}
