import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Manifest } from '../run/artifact.ts'
import { readParquet } from '../sql/sql-text.ts'
import { CIRCUMSTANCES, circumstanceRoles } from './artifact-content.ts'
import { type Circumstances, circumstanceTables } from './circumstances.ts'
import { readDocument } from './read-document.ts'

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
      const [whole, heldOut] = [await fetch(circumstanceRoles.live), await fetch(circumstanceRoles.live_held_out)]
      await session.execute(
        `CREATE OR REPLACE TABLE live AS ${
          whole.length > 0 ? `SELECT * FROM ${readParquet(whole)}` : compileLiveThen(rows, lost, heldOut)
        }`,
      )
      for (const table of Object.keys(circumstanceTables) as (keyof typeof circumstanceTables)[])
        await session.execute(
          `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${readParquet(await fetch(circumstanceRoles[table]))}`,
        )
    },
  }
}

/** @param heldOut files of ids; none: an earlier version validated the run, and kept nothing of its holdout */
function compileLiveThen(rows: readonly string[], lost: readonly string[], heldOut: readonly string[]): string {
  const live = `SELECT customer_id, previous_segment_key AS segment_key FROM ${readParquet(rows)} WHERE previous_segment_key IS NOT NULL
    UNION ALL SELECT customer_id, previous_segment_key FROM ${readParquet(lost)}`
  const isHeldOut = heldOut.length > 0 ? `customer_id IN (SELECT customer_id FROM ${readParquet(heldOut)})` : 'false'
  return `SELECT *, ${isHeldOut} AS is_holdout FROM (${live})`
}

/** Folders that a session has to read for `ledgerThen`. */
export async function circumstancePaths(store: ArtifactStore, validationUri: string): Promise<readonly string[]> {
  const { files } = (await store.readManifest(validationUri, 'manifest'))!
  const roles: readonly string[] = ['rows', 'lost', ...Object.values(circumstanceRoles)]
  return Promise.all(
    files.filter(({ role }) => roles.includes(role)).map((file) => store.fetchFile(validationUri, file)),
  )
}
