import type { RunIdentity } from './run-key.ts'

/** What a destination is told of a customer. `member`: is there now, told when everybody is sent. */
export type EffectKind = 'entered' | 'left' | 'moved' | 'member'

/** How far a destination has come with a run. */
export type SyncState = 'running' | 'sent' | 'failed' | 'superseded'

/** A run × a destination, as view `destination_syncs` and `resegment describe` show it. */
export interface SyncRecord extends RunIdentity {
  readonly destination: string
  /** `changes` of the run, or `full`: everybody. */
  readonly kind: 'changes' | 'full'
  readonly state: SyncState
  readonly effects: number
  readonly sent: number
  readonly pending: number
  readonly failed: number
  /** Of the last attempt that failed; null: none did, or a later one did not. */
  readonly lastError: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** What `syncDestination` answers and ends with. */
export interface SyncStatus extends RunIdentity {
  readonly pipeline: string
  readonly destination: string
  readonly state: SyncState
  readonly effects: number
  readonly sent: number
  /** Effects that the destination would not take. */
  readonly failed: number
}
