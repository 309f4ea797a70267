import type { ComputeSession } from '../ports/compute-engine.ts'
import type { SuppressedHashes } from '../ports/suppression.ts'
import { COMPILE_PADS, HASH_LIST } from '../sql/keyed-hash.ts'

/** Gives a session the list of customers who are not to be segmented, for `selectListed`. */
export async function loadSuppressed(session: ComputeSession, { hashes, pads }: SuppressedHashes): Promise<void> {
  await session.createTable(HASH_LIST, { rowCount: hashes.length, columns: { hash: hashes } })
  const columns = { inner_pad: [pads.inner.toString('hex')], outer_pad: [pads.outer.toString('hex')] }
  await session.createTable('given_pad', { rowCount: 1, columns })
  await session.execute(COMPILE_PADS)
  await session.execute('DROP TABLE given_pad')
}
