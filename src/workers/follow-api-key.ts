import { Runtime, type NativeConnection } from '@temporalio/worker'
import type { Environment } from '../config/environment.ts'

/** Where the key is, and how often it is looked at. A file costs nothing; a command may be asked by a key store that counts. */
const PLACES = [
  { of: 'apiKeyFile', everyMs: 30_000 },
  { of: 'apiKeyOfCommand', everyMs: 300_000 },
] as const

/**
 * Goes on with a new API key once the file that holds it has changed, as a mounted secret does, or its command prints another; the connection
 * stays. What cannot be had is logged, and the old key is kept.
 *
 * @param known the key of the connection
 * @param everyMs instead of the usual half minute of a file and five minutes of a command
 * @returns what ends it
 */
export function followApiKey(
  environment: Pick<Environment, 'apiKeyFile' | 'apiKeyOfCommand'>,
  connection: Pick<NativeConnection, 'setApiKey'>,
  known: string | undefined,
  everyMs?: number,
): () => void {
  if (known === undefined) return () => undefined
  const { logger } = Runtime.instance()
  let latest = known
  const look = async (of: (typeof PLACES)[number]['of']): Promise<void> => {
    const now = await environment[of]()
    // While a file is replaced it may be gone.
    if (!now || now === latest) return
    latest = now
    await connection.setApiKey(now)
    logger.info('The API key for Temporal was replaced')
  }
  const timers = PLACES.map((place) =>
    setInterval(() => {
      look(place.of).catch((error: unknown) => logger.warn('The new API key for Temporal cannot be used', { error }))
    }, everyMs ?? place.everyMs).unref(),
  )
  return () => timers.forEach((timer) => clearInterval(timer))
}
