/** What people say of a segment, and of a customer in one. */
export const judgements = ['useful', 'wrong', 'note', 'misplaced'] as const

export type Judgement = (typeof judgements)[number]

export interface Feedback {
  readonly segmentKey: string
  readonly judgement: Judgement
  /** Set where a customer is misplaced. */
  readonly customerId: string | null
  /** Key of the segment where the customer belongs; null: nobody says. */
  readonly belongsIn: string | null
  /** Empty: nothing was said. */
  readonly note: string
  readonly author: string
}

/** As it is kept. */
export interface KeptFeedback extends Feedback {
  /** ISO 8601, UTC. */
  readonly givenAt: string
}
