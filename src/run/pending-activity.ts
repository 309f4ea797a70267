/** An activity that a run waits for now. Instants are ISO 8601, UTC. */
export interface PendingActivity {
  /** `extract`, `cleanse-3`. */
  readonly activityId: string
  readonly attempt: number
  /**
   * `works`: on `worker` since `since`; `unclaimed`: no worker took it since `since`; `retries`: the next attempt begins at `since`; `paused`:
   * by `pausedBy` since `since`.
   */
  readonly state: 'works' | 'unclaimed' | 'retries' | 'paused'
  /** Null: Temporal does not say. */
  readonly since: string | null
  /** Process and host of the newest attempt; null before the first. */
  readonly worker: string | null
  readonly pausedBy: string | null
  readonly pausedFor: string | null
  /** What the newest attempt failed with. */
  readonly failure: { readonly type: string; readonly message: string } | null
}
