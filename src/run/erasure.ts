/** What was erased in one place. */
export interface StoreErasure {
  readonly store: string
  readonly rows: number
  /** Tables or files that were changed. */
  readonly places: number
}

/** Evidence of an erasure: nobody is named. */
export interface ErasureReport {
  readonly stores: readonly StoreErasure[]
  /** What else there is to know, in sentences. */
  readonly remarks: readonly string[]
}

/** What query `status` of workflow `eraseCustomer` answers, and what it ends with. */
export interface ErasureStatus extends ErasureReport {
  readonly requestId: string
  readonly customers: number
  /** ISO 8601, UTC. */
  readonly askedAt: string
  /** ISO 8601, UTC. */
  readonly dueAt: string
  readonly state: 'running' | 'finished' | 'failed'
  /** What is being done, in words. */
  readonly doing: string
}
