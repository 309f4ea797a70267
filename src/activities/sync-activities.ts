import type { PlannedSync } from '../ports/activation.ts'
import type { SyncInput } from '../plan/sync-input.ts'
import type { SyncStatus } from '../run/activation.ts'

/** What only the workflow knows. */
export interface SyncFacts {
  readonly workflowId: string
  readonly temporalRunId: string
}

/** The activities of `syncDestination`. Each may happen twice. */
export interface SyncActivities {
  /** Writes down what the destination has to be told. */
  planSync(input: SyncInput, facts: SyncFacts): Promise<PlannedSync>
  /** Tells it what it was not told yet, batch by batch. */
  sendEffects(input: SyncInput, planned: PlannedSync): Promise<SyncStatus>
  /** The last word of a sync that failed. */
  recordSync(input: SyncInput, planned: PlannedSync, failure: string): Promise<SyncStatus>
}
