import { ResegmentError } from '../errors/resegment-error.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { ActivationDestination, PlannedSync, SyncLedger } from '../ports/activation.ts'
import type { Services } from '../ports/services.ts'
import type { SyncRecord, SyncStatus } from '../run/activation.ts'
import { interestOf } from '../stages/publish/activation/triggers.ts'
import { attempt } from './attempt.ts'
import { configOf } from './find-destination.ts'
import { holdLease } from './hold-lease.ts'
import { sendEffects } from './send-effects.ts'
import type { SyncActivities } from './sync-activities.ts'

export function makeSyncActivities(services: Services): SyncActivities {
  return {
    planSync: (input, facts) =>
      attempt(services, input.definition, (attempt) =>
        withDestination(services, input, async (destination, ledger) => {
          const { definition, destination: name, runKey, revision, full = null, withdrawal, by = null } = input
          const isNew = await destination.isNew()
          const { batchSize, tells } = destination
          return holdLease(ledger, input, attempt, () =>
            ledger.plan({
              ...{ pipeline: definition.pipeline.pipeline, destination: name, runKey, revision, full, by },
              ...{ interest: interestOf(configOf(input)), batchSize, tells, isNew, ...facts },
              ...(withdrawal !== undefined && { withdrawal }),
            }),
          )
        }),
      ),
    sendEffects: (input, planned) =>
      attempt(services, input.definition, (attempt) =>
        withDestination(services, input, async (destination, ledger) => {
          try {
            const ended = await holdLease(ledger, input, attempt, (signal) =>
              sendEffects({ services, input, planned, destination, ledger, attempt, signal }),
            )
            return statusOf(input, ended)
          } catch (error) {
            await note(ledger, planned, error)
            throw error
          }
        }),
      ),
    recordSync: (input, planned, failure) =>
      attempt(services, input.definition, async () =>
        statusOf(
          input,
          await services.syncLedger(input.definition).finish(planned.syncId, { state: 'failed', error: failure }),
        ),
      ),
  }
}

/** What operators see of an attempt that failed, while the next one is awaited. Only words of ours: others may quote customers. */
async function note(ledger: SyncLedger, { syncId }: PlannedSync, error: unknown): Promise<void> {
  const text = error instanceof ResegmentError ? error.what : (error as Error).name
  // The attempt's own failure is what people must see.
  await ledger.finish(syncId, { state: null, error: text }).catch(() => undefined)
}

async function withDestination<T>(
  services: Services,
  input: SyncInput,
  body: (destination: ActivationDestination, ledger: SyncLedger) => Promise<T>,
): Promise<T> {
  const destination = services.destination(input.definition, input.destination)
  try {
    return await body(destination, services.syncLedger(input.definition))
  } finally {
    await destination.close()
  }
}

function statusOf(
  { definition, destination, runKey, revision }: SyncInput,
  { state, effects, sent, failed }: SyncRecord,
): SyncStatus {
  return { pipeline: definition.pipeline.pipeline, destination, runKey, revision, state, effects, sent, failed }
}
