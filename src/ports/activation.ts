import type { SyncRecord, EffectKind, SyncState } from '../run/activation.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { Interest } from '../stages/publish/activation/triggers.ts'

/** One thing that a destination is told of a customer: an id and segments, nothing else. */
export interface Effect {
  /** The same however often it is sent. */
  readonly id: string
  readonly event: EffectKind
  readonly customerId: string
  /** Null: was in none that the destination knows of. */
  readonly fromSegmentKey: string | null
  /** Null: is in none any more. */
  readonly toSegmentKey: string | null
  /** Only for a destination that has a channel. */
  readonly channel?: string | null
}

/** What is sent at once. */
export interface Delivery extends RunIdentity {
  /** The same for the same effects, however often they are sent. */
  readonly key: string
  readonly pipeline: string
  readonly destination: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** From 1. */
  readonly number: number
  readonly count: number
  /** Everybody: whoever is not told of is not a member. */
  readonly isFull: boolean
  readonly segments: readonly { readonly segmentKey: string; readonly name: string }[]
  /** May be read more than once. Of a customer there is one. */
  effects(): AsyncIterable<Effect> | Iterable<Effect>
}

/**
 * A system that is told who is in which segment. The same delivery may come twice: that leaves it as if it had come once.
 */
export interface ActivationDestination {
  /** Effects in one delivery; `all`: there is one, which is taken whole or not at all. */
  readonly batchSize: number | 'all'
  /** `changes`; or `members`: every delivery is everybody, even where nothing has changed. */
  readonly tells: 'changes' | 'members'
  /** Whether it has nothing at all yet, so that changes would leave it incomplete. */
  isNew(): Promise<boolean>
  /**
   * @param scratchPath of the attempt, for what has to be on disk
   * @throws DestinationUnavailable, DestinationRefused, ConnectionFailed, PermissionDenied
   */
  deliver(delivery: Delivery, options: { readonly signal: AbortSignal; readonly scratchPath: string }): Promise<void>
  close(): Promise<void>
}

/** What a sync is of and what it tells. */
export interface SyncRequest extends RunIdentity {
  readonly pipeline: string
  readonly destination: string
  readonly interest: Interest
  readonly batchSize: number | 'all'
  readonly tells: ActivationDestination['tells']
  /** What sets one time of sending everybody apart from another; null: changes. */
  readonly full: string | null
  /** The switch with which customers were withdrawn from the run, where it is told of that. */
  readonly withdrawal?: number
  /** Everybody is sent along with the first changes. */
  readonly isNew: boolean
  readonly by: string | null
  readonly workflowId: string
  readonly temporalRunId: string
}

export interface PlannedSync {
  readonly syncId: number
  readonly state: SyncState
  readonly asOf: string
  readonly isFull: boolean
  readonly effects: number
  readonly sent: number
  readonly batchCount: number
}

/** A line of the files that the ledger writes: an effect, and the batch it is in. */
export interface EffectLine {
  /** From 1. */
  readonly batch: number
  readonly effect: Effect
}

/** The right to tell a destination something: one at a time has it, so that what is newer arrives later. */
export interface SyncLease {
  /** Aborted when the right was lost. */
  readonly signal: AbortSignal
  release(): Promise<void>
}

/** What destinations were told, and what they still have to be told. Knows customers by a keyed hash. */
export interface SyncLedger {
  /** @returns undefined while somebody else has it */
  takeLease(pipeline: string, destination: string): Promise<SyncLease | undefined>
  /**
   * Writes down what the destination has to be told, once: of this run, of earlier ones that nobody told it of, and what is still unsent. A
   * customer who moved again before the destination heard of it is told of once, from where the destination believes them to be.
   *
   * @throws RunNotFound when the run was not published, ConfigInvalid when the key is another than that of unsent effects
   */
  plan(request: SyncRequest): Promise<PlannedSync>
  /** Segments of the pipeline that are in use, as far as the destination gets them. */
  segments(pipeline: string, interest: Interest): Promise<Delivery['segments']>
  /**
   * What is to be sent, ordered by batch. Of customers who are not known any more nothing is sent.
   *
   * @param path of the file that is written: JSON of an `EffectLine` a line
   * @returns number of lines
   */
  writePending(pipeline: string, syncId: number, path: string): Promise<number>
  /** Everybody who is a member now, ordered by segment, but for the holdout; as `writePending`. */
  writeMembers(pipeline: string, interest: Interest, path: string): Promise<number>
  /** An attempt to send begins. @param batch null: all of the sync @returns false when a newer run has taken it over */
  beginBatch(syncId: number, batch: number | null): Promise<boolean>
  endBatch(syncId: number, batch: number | null, state: 'sent' | 'failed'): Promise<void>
  /** @returns what has become of the sync */
  finish(
    syncId: number,
    end: { readonly state: 'sent' | 'failed' | null; readonly error: string | null },
  ): Promise<SyncRecord>
}
