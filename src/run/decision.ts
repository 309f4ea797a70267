/** The three doors of a held run. */
export const decisions = ['approve', 'reject', 'useLiveModel'] as const

/** What a decision is called once it is taken, as view `run_events` has it. */
export const takenAs = { approve: 'approved', reject: 'rejected', useLiveModel: 'live_model_used' } as const

/** What a person decides about a held run: the argument of Update `decide`. */
export interface Decision {
  /** `useLiveModel`: the segments stay what they are, and the live model places the customers as they are now. */
  readonly decision: (typeof decisions)[number]
  /**
   * Content digest of the validation the person looked at; another one is refused. With `useLiveModel` that of the customers as the live model
   * places them.
   */
  readonly digest: string
  readonly reason: string
  readonly by: string
}

/** A decision that counts. */
export interface TakenDecision extends Decision {
  /** Temporal's id of the update that brought it, which leads to who sent it; null: time was up. */
  readonly updateId: string | null
}

/** Signal that tells a held run that it was overtaken. */
export const SUPERSEDED_SIGNAL = 'superseded'

/** A run whose publication overtook another one: the argument of the signal. */
export interface Successor {
  /** `shop@2027-01-01~1` */
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly asOf: string
}

/** What ends the wait of a held run. */
export type HoldEnd =
  { readonly how: 'decided'; readonly decision: TakenDecision } | { readonly how: 'superseded'; readonly by: Successor }
