import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { Services } from '../ports/services.ts'
import type { MoveReason } from '../run/transition.ts'
import { compileMovedCustomers, type MoveFilter } from '../stages/validate/sql.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

export interface MovedCustomer {
  readonly customerId: string
  /** Null: not present before. */
  readonly fromSegmentKey: string | null
  /** Null: gone. */
  readonly toSegmentKey: string | null
  /** Null: stays. */
  readonly moveReason: MoveReason | null
}

export interface MovedCustomers {
  /** All that the filter lets through, more than are listed. */
  readonly total: number
  readonly customers: readonly MovedCustomer[]
}

/**
 * Customers whose segment in a candidate is another than the published one, in the order of their ids. Reads what stage validate wrote, so
 * that a held run can be looked at before it is decided.
 *
 * @param candidateUri artifact of stage validate
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function listMovedCustomers(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  candidateUri: string,
  filter: MoveFilter & { readonly limit: number },
): Promise<MovedCustomers> {
  const store = services.store(definition)
  const manifest = await store.readManifest(candidateUri, 'manifest')
  if (!manifest)
    throw new ArtifactMissing(
      `The candidate is not in the artifact store any more (${candidateUri}).`,
      'Of a published run see the view segment_events; another run can be made anew with its next revision.',
    )
  const rowFiles = await fetchFiles(store, candidateUri, manifest, 'rows')
  const lostFiles = await fetchFiles(store, candidateUri, manifest, 'lost')
  return withStoredRows(services.engine, store, 'moves', [...rowFiles, ...lostFiles], async (session) => {
    const moved = compileMovedCustomers(rowFiles, lostFiles, filter)
    const [counted] = await session.rows(`SELECT count(*) AS total FROM (${moved})`)
    const rows = await session.rows(`${moved} ORDER BY customer_id LIMIT ${filter.limit}`)
    return {
      total: Number(counted!.total),
      customers: rows.map((row) => ({
        customerId: String(row.customer_id),
        fromSegmentKey: row.from_segment_key as string | null,
        toSegmentKey: row.to_segment_key as string | null,
        moveReason: row.move_reason as MoveReason | null,
      })),
    }
  })
}
