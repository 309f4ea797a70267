import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import { EMPTY_PAST_MEMBERS } from '../stages/validate/past-members-sql.ts'
import { EMPTY_LIVE, EMPTY_LIVE_ALSO, EMPTY_LIVE_OVERRIDES } from '../stages/validate/sql.ts'

/** Makes tables `live`, `live_also`, `live_overrides`, `former` and `past_members`; empty ones before the first publication. */
export async function loadCompared(
  session: ComputeSession,
  state: PublishedState,
  load: () => Promise<void>,
): Promise<void> {
  if (state.live) return load()
  await session.execute(EMPTY_LIVE)
  await session.createTable('former', { rowCount: 0, columns: { customer_id: [] } })
  await session.execute(EMPTY_LIVE_ALSO)
  await session.execute(EMPTY_LIVE_OVERRIDES)
  await session.execute(EMPTY_PAST_MEMBERS)
}
