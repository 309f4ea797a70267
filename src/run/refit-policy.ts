/** Whether a regular run fits its model anew. Score runs never do. */
export const refitPolicies = ['always', 'onDrift', 'never'] as const

export type RefitPolicy = (typeof refitPolicies)[number]

/** What decided whether a regular run fitted its model anew. */
export type RefitGround =
  'policy' | 'nothing-live' | 'other-version' | 'unknown-fit' | 'definition' | 'levels' | 'drift' | 'no-drift'

/** What a run says of its model, where its pipeline does not always refit. */
export interface RefitSummary {
  readonly isRefit: boolean
  readonly ground: RefitGround
  /** `Refitted, because recency drifted 0.31 > 0.25.`, `Kept the model of shop@2026-07-01~1 (2026-Q2): …` */
  readonly text: string
}
