/** The three doors of a held run. */
export const decisions = ['approve', 'reject', 'useLiveModel'] as const

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
