import { setTimeout as pause } from 'node:timers/promises'
import { ConnectionFailed } from '../errors/connection-failed.ts'
import { DestinationUnavailable } from '../errors/destination-unavailable.ts'
import type { ActivationDestination, Delivery } from '../ports/activation.ts'
import type { Attempt } from './attempt.ts'

/** More of the same trouble ends the attempt: the next one begins with what is pending, and people see why. */
const TRIES = 4
const FIRST_WAIT_MS = 500
/** A destination that wants to be left alone for longer is left alone by the whole activity. */
const LONGEST_WAIT_MS = 30_000

/** Delivers, and tries again in place where a destination only stumbled or asks to wait a little. */
export async function deliverPatiently(
  destination: ActivationDestination,
  delivery: Delivery,
  { awaits, scratchPath }: Pick<Attempt, 'awaits' | 'scratchPath'>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      return await destination.deliver(delivery, { signal, scratchPath })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof DestinationUnavailable || error instanceof ConnectionFailed) || attempt === TRIES)
        throw error
      const asked = error instanceof DestinationUnavailable ? error.retryAfterMs : undefined
      const waitMs = asked ?? FIRST_WAIT_MS * 2 ** attempt
      if (waitMs > LONGEST_WAIT_MS) throw error
      awaits(error.what)
      await pause(waitMs, undefined, { signal })
    }
}
