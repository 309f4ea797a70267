/** A feature that two groups differ in most. */
export interface ToldApart {
  readonly feature: string
  /** Share of its variance that lies between the two, 0 to 1. */
  readonly explained: number
}

/** Where two groups part in the feature that tells them apart most. */
export interface PartedAt extends ToldApart {
  /** To two digits, in the feature's own unit; null: it is no number. */
  readonly border: number | null
}

/** There are two groups in one segment. */
export interface SplitProposal extends PartedAt {
  readonly kind: 'split'
  readonly segmentKey: string
  /** That were looked at. */
  readonly customers: number
  /** Share of the smaller of the two groups, 0 to 0.5. */
  readonly smaller: number
  readonly dip: number
  /** Of the dip test, adjusted for all segments that were looked at (Holm); 0 below 0.001. */
  readonly p: number
  readonly silhouette: number
}

/** There is no valley between two segments. */
export interface MergeProposal extends ToldApart {
  readonly kind: 'merge'
  readonly segmentKeys: readonly [string, string]
  readonly customers: number
  readonly dip: number
  /** Of the dip test, not adjusted: that would make proposals more, not fewer. */
  readonly p: number
  /** Between the means, in standard deviations within the segments along the line through both. */
  readonly distance: number
}

/** There is a valley between two segments, and the border runs beside it. */
export interface BorderProposal extends PartedAt {
  readonly kind: 'border'
  readonly segmentKeys: readonly [string, string]
  readonly customers: number
  /** Share of the customers of both who lie beyond the valley, with those of the other segment; 0 to 1. */
  readonly beyond: number
  readonly dip: number
  /** Of the dip test, adjusted for all borders that were looked at (Holm); 0 below 0.001. */
  readonly p: number
}

/** A few customers lie far from the middle of every segment, and near one another. */
export interface EmergingProposal extends PartedAt {
  readonly kind: 'emerging'
  /** Where most of them are now. */
  readonly segmentKey: string
  /** In the group, and of all that were looked at their share, 0 to 1. */
  readonly customers: number
  readonly share: number
  readonly dip: number
  readonly p: number
  /** From the mean of their segment, in medians of the distance that its customers have. */
  readonly distance: number
  /** Share of the group, and of all customers, who were not there at the last publication; null: there is none, or too few to tell. */
  readonly newcomers: { readonly share: number; readonly ofAll: number } | null
}

export type Proposal = SplitProposal | MergeProposal | BorderProposal | EmergingProposal

/** Other segments that the customers call for, with what was looked at. */
export interface Refinements {
  /** Segments with enough customers to look for two groups in. */
  readonly segments: number
  /** Pairs of nearest segments with enough customers to look for a valley between. */
  readonly borders: number
  /** Borders, splits, groups apart, merges; of each the clearest first. */
  readonly proposals: readonly Proposal[]
}
