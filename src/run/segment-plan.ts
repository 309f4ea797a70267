/** What kind of customers a segment holds, in the words of marketers. */
export const characters = [
  'champions',
  'loyal',
  'big_spenders',
  'new',
  'at_risk',
  'dormant',
  'occasional',
  'core',
] as const
export type Character = (typeof characters)[number]

/** Content of one's own, and what it is for. */
export interface PlannedContent {
  readonly asset: string
  readonly for: string
}

/** A step of the way that customers go, where they are met, and what sets it off. */
export interface JourneyStage {
  readonly stage: string
  readonly touchpoints: readonly string[]
  readonly trigger: string
}

export const salesPriorities = ['high', 'medium', 'low'] as const
export type SalesPriority = (typeof salesPriorities)[number]

/** What is to be done with the customers of a segment. */
export interface Play {
  readonly message: string
  /** How it is said. */
  readonly messaging: string
  readonly offer: string
  /** The preferred first. */
  readonly channels: readonly string[]
  readonly content: readonly PlannedContent[]
  readonly journey: readonly JourneyStage[]
  readonly salesPriority: SalesPriority
  /** Which region or team sells to them. */
  readonly territory: string
  /** How single accounts are looked after. */
  readonly account: string
}

export type PlayField = keyof Play

/** The plan of a segment: a play, and where it comes from. */
export interface SegmentPlan extends Play {
  readonly segmentKey: string
  readonly character: Character
  /** Why it has that character, in a sentence. */
  readonly because: string
  /** Which parts the pipeline says itself, in the order of `Play`; the others are what such customers usually are given. */
  readonly own: readonly PlayField[]
}
