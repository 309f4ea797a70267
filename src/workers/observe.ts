import { Runtime, type Worker } from '@temporalio/worker'
import type { PipelineStanding } from '../ports/warehouse-reader.ts'
import { serveHealth } from './health-server.ts'
import type { ListenAddress } from '../wiring/listen.ts'
import { makeMemoryWatch, type MemoryWatchOptions } from './memory-watch.ts'
import { watchProcess } from './process-gauges.ts'
import { gaugeStandings } from './standing-gauges.ts'

const PROCESS_EVERY_MS = 5_000
const STANDINGS_EVERY_MS = 10_000

export interface ObservedOptions {
  /** Where Prometheus finds `/metrics`. Undefined: nowhere. */
  readonly metrics?: ListenAddress | undefined
  /** Where `/healthz` and `/readyz` are. Undefined: nowhere. */
  readonly health?: ListenAddress | undefined
  /** How the pipelines of the target stand; only asked for metrics. */
  readonly standings?: (() => Promise<readonly PipelineStanding[]>) | undefined
}

/**
 * Lets others see how workers do. The watch over the main thread is always there: it warns in the log.
 *
 * @returns what ends it
 * @throws what listening fails with: an address in use
 */
export async function observe(
  workers: readonly Worker[],
  { metrics, health, standings }: ObservedOptions = {},
  memory?: Omit<MemoryWatchOptions, 'meter' | 'logger'>,
): Promise<() => Promise<void>> {
  const { logger, metricMeter: meter } = Runtime.instance()
  const memoryWatch = memory && makeMemoryWatch({ ...memory, meter, logger })
  const watch = watchProcess({
    meter,
    everyMs: PROCESS_EVERY_MS,
    onMemory: memoryWatch?.look,
    onLag: (lagMs) => logger.warn('The main thread was late for heartbeats', { lagMs: Math.round(lagMs) }),
  })
  const idle = (): string | undefined => {
    const states = workers.map((worker) => worker.getState())
    return states.every((state) => state === 'RUNNING') ? memoryWatch?.problem() : `Workers are ${states.join(', ')}.`
  }
  const server = health && (await serveHealth(health, { alive: watch.problem, ready: idle }).catch(giveUp))
  if (server) logger.info('Health is told', { address: server.address })
  const stopStandings =
    metrics && standings
      ? gaugeStandings({
          meter,
          everyMs: STANDINGS_EVERY_MS,
          read: standings,
          onFailure: (error) => logger.warn('The warehouse could not be asked how pipelines stand', { error }),
        })
      : undefined
  return async () => {
    watch.stop()
    stopStandings?.()
    await server?.close()
  }

  function giveUp(error: unknown): never {
    watch.stop()
    throw error
  }
}
