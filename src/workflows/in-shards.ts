import { CancellationScope } from '@temporalio/workflow'

/** More would crowd the history's pending activities without making workers faster. */
const MAX_IN_FLIGHT = 64

/**
 * Runs one activity a shard. The first failure stops the others, and is thrown when all have ended: a stage that failed has nothing
 * in flight.
 */
export async function inShards(shardCount: number, activity: (shard: number) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  let next = 0
  const scope = new CancellationScope()
  await scope.run(() => {
    const lane = async (): Promise<void> => {
      while (next < shardCount && failures.length === 0) {
        try {
          await activity(next++)
        } catch (error) {
          failures.push(error)
          scope.cancel()
        }
      }
    }
    return Promise.all(Array.from({ length: Math.min(shardCount, MAX_IN_FLIGHT) }, lane))
  })
  if (failures.length > 0) throw failures[0]
}
