import { setTimeout as sleep } from 'node:timers/promises'
import type { OngoingRun } from './disturbed-run.ts'
import type { ShopOptions } from './shop.ts'

/** Processes that serve one run at once, and the parts that its rows are split into. */
export const [WORKERS, SHARDS] = [4, 8]

export interface Deaths {
  /** Numbers from 0 to 1. */
  readonly draw: () => number
  /** Between two of them, on average. */
  readonly everyMs: number
  /** How many at most. */
  readonly most: number
}

/** A shop whose rows are split, for several workers to share. */
export function splitShop(options: ShopOptions = {}): ShopOptions {
  return { ...options, pipeline: { ...options.pipeline, extract: `{ transactions: order_lines, shards: ${SHARDS} }` } }
}

/** Kills one of the workers at random, again and again, and replaces it, while the run goes on. @returns how many died of it */
export async function killAtRandom(run: OngoingRun, { draw, everyMs, most }: Deaths): Promise<number> {
  // Before its first shard there is nothing that several of them could share.
  await run.begun('cleanse-0')
  for (let killed = 0; ; killed++) {
    if (killed === most || run.isOver()) return killed
    await run.replaceWorker('SIGKILL', Math.floor(draw() * WORKERS))
    await sleep(draw() * 2 * everyMs)
  }
}
