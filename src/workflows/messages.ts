import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { ErasureStatus } from '../run/erasure.ts'
import type { SyncStatus } from '../run/activation.ts'
import { type Decision, type Successor, SUPERSEDED_SIGNAL } from '../run/decision.ts'
import type { RunStatus } from '../run/run-status.ts'
import type { VerificationProgress } from '../run/verification.ts'

export const WORKFLOW_TYPE = 'segmentCustomers'

/** Looks for runs that did not come. */
export const WATCH_TYPE = 'watchSchedules'

/** Where a run stands. */
export const statusQuery = defineQuery<RunStatus>('status')

/** A person's decision about a held run. */
export const decideUpdate = defineUpdate<void, [Decision]>('decide')

/** Digest of the validation that a held run wants a decision about; null when it waits for none. */
export const awaitedQuery = defineQuery<string | null>('awaited')

/** A run of a later as-of, or a newer revision, was published. */
export const supersededSignal = defineSignal<[Successor]>(SUPERSEDED_SIGNAL)
/** How far a verification has come. */
export const verificationQuery = defineQuery<VerificationProgress>('status')
/** How far a destination has come. */
export const syncStatusQuery = defineQuery<SyncStatus>('status')
/** How far an erasure has come. */
export const erasureStatusQuery = defineQuery<ErasureStatus>('status')
