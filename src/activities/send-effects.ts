import { join } from 'node:path'
import { DestinationRefused } from '../errors/destination-refused.ts'
import { digestOf } from '../plan/digest.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { ActivationDestination, Delivery, PlannedSync, SyncLedger } from '../ports/activation.ts'
import type { Services } from '../ports/services.ts'
import type { SyncRecord } from '../run/activation.ts'
import { interestOf, type Interest } from '../stages/publish/activation/triggers.ts'
import { addChannel } from './add-channel.ts'
import type { Attempt } from './attempt.ts'
import { deliverPatiently } from './deliver-patiently.ts'
import { readBatches, readEffects } from './effect-lines.ts'
import { configOf } from './find-destination.ts'

/** A destination that refuses one batch after the other takes none. */
const REFUSALS = 3

export interface Sending {
  readonly services: Services
  readonly input: SyncInput
  readonly planned: PlannedSync
  readonly destination: ActivationDestination
  readonly ledger: SyncLedger
  readonly attempt: Attempt
  readonly signal: AbortSignal
}

/** Tells the destination what the ledger has as unsent. The caller has the lease. @returns what has become of the sync */
export async function sendEffects(sending: Sending): Promise<SyncRecord> {
  const { input, planned, destination, ledger, attempt } = sending
  const { pipeline } = input.definition.pipeline
  const interest = interestOf(configOf(input))
  const segments = await ledger.segments(pipeline, interest)
  const pending = join(attempt.scratchPath, 'pending.jsonl')
  const pendingCount = await ledger.writePending(pipeline, planned.syncId, pending)
  const about = deliveryOf(input, planned, segments)
  // A full delivery of what is pending would empty the destination once nothing is.
  if (destination.tells === 'changes' && pendingCount === 0) return finish(sending, 'sent')
  if (destination.batchSize === 'all') {
    const effects = destination.tells === 'members' ? await writeMembers(sending, interest) : pending
    if (!(await ledger.beginBatch(planned.syncId, null))) return finish(sending, null)
    await deliverPatiently(destination, { ...about(1), effects: () => readEffects(effects) }, attempt, sending.signal)
    attempt.reached('delivered')
    await ledger.endBatch(planned.syncId, null, 'sent')
    return finish(sending, 'sent')
  }
  const refused = await sendBatches(sending, pending, pendingCount, about)
  if (refused === 'superseded') return finish(sending, null)
  if (refused) throw refused
  return finish(sending, 'sent')
}

/** @returns the first refusal of a batch, when others were taken */
async function sendBatches(
  { planned, destination, ledger, attempt, signal }: Sending,
  path: string,
  pendingCount: number,
  about: (batch: number) => Omit<Delivery, 'effects'>,
): Promise<DestinationRefused | 'superseded' | undefined> {
  let refused: DestinationRefused | undefined
  let [done, refusals] = [planned.effects - pendingCount, 0]
  for await (const { number, effects } of readBatches(path)) {
    signal.throwIfAborted()
    if (!(await ledger.beginBatch(planned.syncId, number))) return 'superseded'
    try {
      await deliverPatiently(destination, { ...about(number), effects: () => effects }, attempt, signal)
      attempt.reached('delivered')
      await ledger.endBatch(planned.syncId, number, 'sent')
      refusals = 0
    } catch (error) {
      if (!(error instanceof DestinationRefused) || error.scope === 'all') throw error
      await ledger.endBatch(planned.syncId, number, 'failed')
      refused ??= error
      if (++refusals === REFUSALS) throw error
    }
    attempt.progress((done += effects.length), planned.effects)
    attempt.reached('between-batches')
  }
  return refused
}

async function writeMembers({ services, input, ledger, attempt }: Sending, interest: Interest): Promise<string> {
  const path = join(attempt.scratchPath, 'members.jsonl')
  await ledger.writeMembers(input.definition.pipeline.pipeline, interest, path)
  const config = configOf(input)
  return config.kind === 'csv' && config.channel !== undefined
    ? addChannel(services, input, attempt, path, config.channel)
    : path
}

/** Keys are derived: whoever sends a batch again sends it under the same one. */
function deliveryOf(input: SyncInput, planned: PlannedSync, segments: Delivery['segments']) {
  const { definition, destination, runKey, revision, full = null } = input
  const { pipeline } = definition.pipeline
  const { syncId, asOf, isFull, batchCount: count } = planned
  const sync = { schema: definition.target.schema, pipeline, runKey, revision, destination, full, syncId }
  return (number: number): Omit<Delivery, 'effects'> => ({
    key: digestOf({ ...sync, number }),
    ...{ pipeline, destination, runKey, revision, asOf, isFull, segments, number, count },
  })
}

async function finish({ ledger, planned }: Sending, state: 'sent' | null): Promise<SyncRecord> {
  return ledger.finish(planned.syncId, { state, error: null })
}
