import type { FeatureGroup } from '../../stages/features/catalogue/entry.ts'
import type { SegmentMap } from './draw-map.ts'
import type { Refinements } from './refinements/proposal.ts'
import type { ReportedObjective } from './report.ts'

/** A feature that segments are described by. */
export interface SketchedFeature {
  /** Of the instance: `monetary`, `orders90`. */
  readonly name: string
  /** Null: the pipeline computes it by SQL of its own. */
  readonly group: FeatureGroup | null
  /** One sentence, ending in a full stop; empty: nobody said. */
  readonly meaning: string
}

/** Figures of those customers of a segment who lie nearest its middle: of several, so that they describe no one customer. */
export interface TypicalCustomer {
  readonly segmentKey: string
  /** Median of each number, to two digits, in the feature's own unit. */
  readonly values: Readonly<Record<string, number>>
}

/** What the method measured of the customers of a segment. */
export interface SegmentScore {
  readonly segmentKey: string
  readonly score: string
  readonly unit: string
  readonly median: number
}

/**
 * The document `sketch` of the validate artifact: what the report of a run needs besides `Validation`. It has no ids and nothing of fewer than
 * five customers, so that no erasure has to look into it.
 */
export interface Sketch {
  readonly formatVersion: 1
  /** `shop@2026-10-01~1` */
  readonly runId: string
  readonly pipeline: string
  readonly description: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly kind: string
  readonly codeVersion: string
  readonly definitionHash: string
  /** Where the run works: commands have to name it. */
  readonly targetName: string
  readonly method: string
  /** Null: the method draws nothing. */
  readonly seed: number | null
  readonly fittedCustomers: number
  readonly owner: string
  /** Null: the pipeline names none. */
  readonly objective: ReportedObjective | null
  /** Name of a source → its role. */
  readonly sources: Readonly<Record<string, string>>
  /** What the run was compared with; null: nothing was live. */
  readonly against: { readonly runId: string; readonly asOf: string } | null
  /** Names of the segments of `against` by key. */
  readonly namesBefore: Readonly<Record<string, string>>
  readonly features: readonly SketchedFeature[]
  /** The feature that says what a customer spent; null: there is none. */
  readonly moneyFeature: string | null
  /** Null: nothing to draw. */
  readonly map: SegmentMap | null
  readonly typical: readonly TypicalCustomer[]
  readonly scores: readonly SegmentScore[]
  /** Splits and merges that the customers call for. */
  readonly proposals: Refinements
}
