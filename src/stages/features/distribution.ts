import type { FeatureType, FeatureUnit } from './catalogue/entry.ts'

/** Customers by value: bar i holds those with edges[i] ≤ value < edges[i + 1]; the outermost bars hold whatever lies beyond them too. */
export interface Histogram {
  /** One more than bars, ascending, in the feature's own unit. */
  readonly edges: readonly number[]
  readonly customers: readonly number[]
}

/** Figures of the values that are there; null where none is, or where one of them is infinite. */
export interface NumberFigures {
  readonly kind: 'number'
  readonly zeroShare: number
  readonly minimum: number | null
  readonly p10: number | null
  readonly median: number | null
  readonly p90: number | null
  readonly maximum: number | null
  readonly mean: number | null
  /** Bars of equal width from where values are clamped at one end to where at the other; null where all are the same. */
  readonly histogram: Histogram | null
  /** Bars of equal width after the transform; null without one. */
  readonly transformed: Histogram | null
}

export interface LevelShare {
  readonly level: string
  /** 0 to 1. */
  readonly share: number
}

export interface CategoryFigures {
  readonly kind: 'category'
  /** Values there are. */
  readonly distinct: number
  /** Share of all customers: the levels that stand for themselves, in the order of the model. */
  readonly levels: readonly LevelShare[]
  /** Share of customers with any other value: they become one level. */
  readonly otherShare: number
}

export interface CompositionFigures {
  readonly kind: 'composition'
  /** Mean share of customers that have one. */
  readonly levels: readonly LevelShare[]
}

/** How one feature is distributed over all customers, and what the stage made of it. */
export interface FeatureDistribution {
  /** Name of the instance. */
  readonly feature: string
  readonly type: FeatureType
  readonly unit: FeatureUnit
  readonly nullShare: number
  readonly figures: NumberFigures | CategoryFigures | CompositionFigures
  readonly transform: string
  readonly weight: number
  /** Stands in for a null; null where it never does. */
  readonly imputed: number | null
  /** What the stage found out about it, as sentences without a full stop. */
  readonly notes: readonly string[]
}

export interface FeatureDistributions {
  readonly customers: number
  readonly features: readonly FeatureDistribution[]
}
