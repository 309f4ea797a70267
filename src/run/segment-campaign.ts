/** How the customers of a segment answered a campaign. Figures are null where they are suppressed. */
export interface SegmentCampaign {
  /** Null: all customers of the run. */
  readonly segmentKey: string | null
  readonly campaign: string
  /** Customers it reached. */
  readonly customers: number | null
  /** Those of them who answered before the newest period was over. */
  readonly responses: number | null
  /** 0 to 1, with the 95 % interval of Wilson. */
  readonly responseRate: number | null
  readonly lower: number | null
  readonly upper: number | null
  /** What the touches cost; null also where no source says. */
  readonly cost: number | null
  /** Revenue that is attributed to it; null also where nothing says. */
  readonly attributed: number | null
  /** Attributed revenue ÷ cost; null also without a cost. */
  readonly returnOnSpend: number | null
  /** What money is in; null: nothing says. */
  readonly currency: string | null
  readonly isSuppressed: boolean
}
