import { setTimeout as pause } from 'node:timers/promises'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import type { SyncLedger } from '../ports/activation.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { Attempt } from './attempt.ts'

const BETWEEN_LOOKS_MS = 1_000
/** Several times what a worker that died is waited for. */
const LONGEST_WAIT_MS = 120_000

/** Does something while nobody else tells the destination anything. @param body gets a signal that says when the right to it is lost */
export async function holdLease<T>(
  ledger: SyncLedger,
  { definition, destination }: SyncInput,
  attempt: Pick<Attempt, 'awaits' | 'signal'>,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { pipeline } = definition.pipeline
  const take = () => ledger.takeLease(pipeline, destination)
  let lease = await take()
  for (let waitedMs = 0; !lease && waitedMs < LONGEST_WAIT_MS; waitedMs += BETWEEN_LOOKS_MS) {
    attempt.awaits(`another sync to finish its batch for ${destination}`)
    await pause(BETWEEN_LOOKS_MS, undefined, { signal: attempt.signal })
    lease = await take()
  }
  if (!lease)
    throw new ConnectionFailed(
      `Another sync keeps destination ${destination} of pipeline ${pipeline} to itself.`,
      'It is tried again; see destination_syncs for the one that is running.',
    )
  try {
    return await body(AbortSignal.any([attempt.signal, lease.signal]))
  } catch (error) {
    // What it broke off with then says nothing.
    if (!lease.signal.aborted || attempt.signal.aborted) throw error
    throw new ConnectionFailed(
      `The right to tell destination ${destination} ran out before the warehouse could be asked to renew it.`,
      'It is tried again, and goes on with what is pending.',
      { cause: error },
    )
  } finally {
    await lease.release()
  }
}
