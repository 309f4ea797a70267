import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { Decision } from '../run/decision.ts'
import type { SyncStatus } from '../run/activation.ts'
import type { RunStatus } from '../run/run-status.ts'

export const WORKFLOW_TYPE = 'segmentCustomers'

/** Where a run stands. */
export const statusQuery = defineQuery<RunStatus>('status')

/** A person's decision about a held run. */
export const decideUpdate = defineUpdate<void, [Decision]>('decide')

/** Digest of the validation that a held run wants a decision about; null when it waits for none. */
export const awaitedQuery = defineQuery<string | null>('awaited')

/** How far a destination has come. */
export const syncStatusQuery = defineQuery<SyncStatus>('status')
