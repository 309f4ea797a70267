import type { IdentityThresholds } from './config.ts'

/** Where clusters and segments are looked for: a cluster never goes on with a segment of another level, or of another layer that both runs have. */
interface Place {
  /** 0: customers are in it first of all; above: it holds segments of the level below. */
  readonly level: number
  /** Of a hybrid; null: there are none. */
  readonly layer: string | null
  /** Null: it has none, or one in another space. All are in one scaling, that of what is published. */
  readonly centre: readonly number[] | null
}

/** A cluster of this run. */
export interface CandidateCluster extends Place {
  /** A name that lasts by definition; null: known by its members, its parts or its centre. */
  readonly ownKey: string | null
  /** Customers in it, also those outside the panel. */
  readonly customers: number
  /** Numbers of the layers' clusters that it is a combination of; empty: it is none. */
  readonly parts: readonly number[]
}

/** A segment that is live, or was once. */
export interface KnownSegment extends Place {
  readonly segmentKey: string
  readonly ownKey: string | null
  /** Keys of the segments that it is a combination of. */
  readonly parts: readonly string[]
}

/** A segment that was retired, with its customers when it was live for the last time. */
export interface PastSegment extends KnownSegment {
  /** Of them, who is in which cluster now: one number a cluster. */
  readonly members: readonly number[]
  /** Of these, who is in the panel. */
  readonly panelMembers: readonly number[]
}

export interface IdentityInput {
  readonly pipeline: string
  /** One a cluster number. */
  readonly clusters: readonly CandidateCluster[]
  readonly live: readonly KnownSegment[]
  readonly past: readonly PastSegment[]
  /** Customers of the panel, shape (clusters, live), row-major. */
  readonly counts: Float64Array
  /** Largest number that a key of the pipeline ever had. */
  readonly newestNumber: number
  readonly thresholds: IdentityThresholds
}

/** How a cluster was found again. */
export type MatchedBy = 'own-key' | 'parts' | 'overlap' | 'centre' | 'nothing'

export interface LabelMatch {
  readonly segmentKey: string
  /** True when no segment is carried on: the key was made here. */
  readonly isNew: boolean
  /** True when it carries on one that was not live. */
  readonly isReturned: boolean
  readonly matchedBy: MatchedBy
  /** Jaccard overlap with the live segment of that key on the panel, or with the last members of a returned one; 0 for a new one. */
  readonly overlap: number
}
