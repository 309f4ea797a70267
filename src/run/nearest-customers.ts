/** Ids of customers of a segment. */
export interface NearestCustomers {
  readonly segmentKey: string
  /** As they are published, the nearest to the middle first. */
  readonly customerIds: readonly string[]
}

/** Who lies nearest the middle of each segment; or why nobody can say. */
export type NearestOfRun =
  | { readonly segments: readonly NearestCustomers[] }
  | { readonly absent: 'run is not live' | 'method measures no distance' }

export const NEAREST_CUSTOMERS = 5
