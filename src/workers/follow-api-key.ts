import { Runtime, type NativeConnection } from '@temporalio/worker'
import type { Environment } from '../config/environment.ts'

const LOOK_EVERY_MS = 30_000

/**
 * Goes on with a new API key once the file that holds it has changed, as a mounted secret does; the connection stays.
 *
 * @returns what ends it
 */
export function followApiKey(
  environment: Pick<Environment, 'apiKeyFile'>,
  connection: Pick<NativeConnection, 'setApiKey'>,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let known = environment.apiKeyFile()
  if (known === undefined) return () => undefined
  const { logger } = Runtime.instance()
  const look = async (): Promise<void> => {
    const now = environment.apiKeyFile()
    // While it is replaced it may be gone.
    if (!now || now === known) return
    known = now
    await connection.setApiKey(now)
    logger.info('The API key for Temporal was replaced')
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => logger.warn('The new API key for Temporal cannot be used', { error }))
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
