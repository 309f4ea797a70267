import type { RunIdentity } from './run-key.ts'

/** A publication that paths lead through. */
export interface PathStop extends RunIdentity {
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
}

/** Customers who were in the same segments at the same publications. */
export interface SegmentPath {
  /** Where they were at each publication, the oldest first. Null: they were no members then. */
  readonly segmentKeys: readonly (string | null)[]
  readonly customers: number
}

/** Customers who went the same way from a publication to the next one. Never null on both sides. */
export interface PathStep {
  /** Position of the publication that they went from, from 0. */
  readonly position: number
  readonly fromSegmentKey: string | null
  readonly toSegmentKey: string | null
  readonly customers: number
}

/** How customers went through the segments of one pipeline, over the last publications of its periods. */
export interface SegmentPaths {
  /** Oldest first, two or more. */
  readonly stops: readonly PathStop[]
  /** Of every segment on the way, its name in the newest of these publications that has it. */
  readonly names: Readonly<Record<string, string>>
  /** Members at one or more of the publications. */
  readonly customers: number
  /** Members at all of them, and of these who were in the same segment each time. */
  readonly throughout: number
  readonly stayed: number
  /** The most common first; not all where there are many. */
  readonly paths: readonly SegmentPath[]
  /** All of them. */
  readonly steps: readonly PathStep[]
}
