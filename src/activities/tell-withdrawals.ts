import { setTimeout as pause } from 'node:timers/promises'
import { definitionInTarget, type ErasureInput } from '../plan/erasure-input.ts'
import { SYNC_WORKFLOW_TYPE, syncStartOf, type SyncInput } from '../plan/sync-input.ts'
import type { Services } from '../ports/services.ts'
import type { Attempt } from './attempt.ts'
import { startOnce, type WorkflowStarter } from './start-once.ts'

const BETWEEN_LOOKS_MS = 1_000
const MINUTE_MS = 60_000

/**
 * Starts a sync for each destination of the runs that customers were withdrawn from, and waits until they have heard of it: while their rows
 * are there, since only those say whom it is about.
 *
 * @returns destinations that have not heard of it in the time they have
 */
export async function tellWithdrawals(
  services: Services,
  workflows: () => WorkflowStarter,
  input: ErasureInput,
  { waitedMs, awaits, signal }: Pick<Attempt, 'waitedMs' | 'awaits' | 'signal'>,
): Promise<readonly string[]> {
  const erasures = services.erasures(input)
  const syncs = (await erasures.withdrawnRuns(input.requestId)).flatMap(
    ({ definition: kept, pipeline: _, ...run }): SyncInput[] => {
      if (kept === null) return []
      const definition = definitionInTarget(kept, input)
      return Object.keys(kept.pipeline.activate ?? {}).map((destination) => ({ ...run, definition, destination }))
    },
  )
  if (syncs.length === 0) return []
  for (const sync of syncs)
    await startOnce(workflows(), SYNC_WORKFLOW_TYPE, syncStartOf(sync), 'ALLOW_DUPLICATE_FAILED_ONLY')
  for (;;) {
    const told = new Set(await erasures.told(syncs.map(({ withdrawal }) => withdrawal!)))
    const untold = syncs.filter(({ withdrawal, destination }) => !told.has(`${withdrawal!} ${destination}`))
    const names = [...new Set(untold.map(nameOf))]
    if (untold.length === 0 || waitedMs() >= input.minutesForDestinations * MINUTE_MS) return names
    awaits(`destinations to hear that customers left: ${names.join(', ')}`)
    await pause(BETWEEN_LOOKS_MS, undefined, { signal })
  }
}

function nameOf({ destination, definition }: SyncInput): string {
  return `${destination} of ${definition.pipeline.pipeline}`
}
