import type { GateUnit } from '../../../run/figures.ts'
import type { LineageEdge } from '../../../run/lineage.ts'
import type { RunKind } from '../../../run/run-kind.ts'
import type { DataQualityRow } from '../../cleanse/data-quality.ts'
import type { ClusterModel } from '../../cluster/model.ts'
import type { Completeness } from '../completeness.ts'
import type { ComparisonMeasure } from '../comparison/measures.ts'
import type { PlacedCustomers } from '../published-model.ts'
import type { SourceRows } from '../source-rows.ts'
import type { UnseenLevels } from '../unseen-levels.ts'
import type { GateThresholds } from './thresholds.ts'

/** A segment with customers, as gates see it. */
export interface GateSegment {
  readonly segmentKey: string
  readonly name: string
  readonly customers: number
  /** Null: a fit found the segment, no definition says what it is. */
  readonly ownKey: string | null
  /** Mean Jaccard overlap over bootstrap samples; null: not computed. */
  readonly stability: number | null
}

/** What gates know of the published run. */
export interface PublishedFacts {
  /** `shop@2026-07-01~1` */
  readonly runId: string
  /** Its segments were made elsewhere: nothing is known of how. */
  readonly isAdopted: boolean
  readonly cleanRows: number
  /** Null: that run did not keep them. */
  readonly sourceRows: SourceRows | null
  /** Null: the same. */
  readonly completeness: Completeness | null
  /** Panel customers whose segment changed. */
  readonly moved: number
  /** Customers of each live segment. */
  readonly customers: Readonly<Record<string, number>>
}

/** The figures that gates look at. */
export interface GateFacts {
  readonly pipeline: string
  readonly kind: RunKind
  /** A model from before placed everybody: how well it still fits is a question. */
  readonly isKept: boolean
  /** By the model of the run. */
  readonly placed: PlacedCustomers
  /** The same when that model was fitted; null: nobody kept it. */
  readonly fittedOn: PlacedCustomers | null
  /** Those with customers, at least one; shares add up to 1. */
  readonly segments: readonly GateSegment[]
  /** Every key that the pipeline has or had, those of `segments` among them. */
  readonly knownKeys: readonly string[]
  readonly model: Pick<ClusterModel, 'method' | 'evidence' | 'insteadOf' | 'candidates'>
  readonly customers: number
  /** Of a sample, about how many it stands for; else `customers`. */
  readonly customersInAll: number
  readonly cleanRows: number
  readonly sourceRows: SourceRows
  /** What cleansing counted. */
  readonly dataQuality: readonly Pick<DataQualityRow, 'role' | 'source' | 'rule' | 'rejected' | 'rowsIn'>[]
  readonly completeness: Completeness
  readonly newLevels: UnseenLevels
  readonly panel: number
  readonly lineage: readonly Pick<LineageEdge, 'kind' | 'fromSegmentKey' | 'toSegmentKey'>[]
  /** What the comparison measured; empty on a first run. */
  readonly comparison: readonly ComparisonMeasure[]
  /** Name of a gate of the pipeline's own → its value; null: its query gave none. */
  readonly custom: Readonly<Record<string, number | null>>
  /** Null on a first run. */
  readonly published: PublishedFacts | null
}

/** The same of a run that is compared with something. */
export interface ComparedFacts extends GateFacts {
  readonly published: PublishedFacts
}

/** What a gate saw: of everybody, or of one segment, source or feature. */
export interface GateFinding {
  /** Null where it cannot be computed. */
  readonly value: number | null
  /** One sentence with the figures. */
  readonly message: string
  readonly subject?: string
  /** Customers whom it is about. */
  readonly customers?: number
  /** Command or SQL that lists them, `RUN` for the run. */
  readonly list?: string
  /** Customers more or fewer: see `GateThresholds.customers`. */
  readonly changed?: number
}

/** Runs that a gate judges: those that formed segments, regular ones that kept the live model, those that only ever place. */
export type JudgedRun = 'fitted' | 'kept' | 'score'
export const everyRun: readonly JudgedRun[] = ['fitted', 'kept', 'score']
export const regularRuns: readonly JudgedRun[] = ['fitted', 'kept']

interface GateText {
  /** One sentence. */
  readonly meaning: string
  readonly formula: string
  readonly unit: GateUnit
  /** Where its default thresholds come from. */
  readonly source: string
  readonly why: string
  readonly remedy: string
  readonly runs: readonly JudgedRun[]
  readonly defaults: GateThresholds
  /** Those of score runs, under `validate.score`, where they have their own; such a gate without `defaults` of regular runs has only these. */
  readonly scoreDefaults?: GateThresholds
  /** Takes thresholds for single segments. */
  readonly bySegment?: boolean
  /** The value of a segment without customers that has thresholds of its own. Absent: it has none. */
  readonly ofNobody?: number
  /** Default of `customers`: fewer customers more or less do not count. */
  readonly leastChange?: number
}

/** Looks at the candidate alone. */
export interface QualityGate extends GateText {
  readonly kind: 'quality'
  /** False: there is nothing of the kind in this run. Absent: there always is. */
  readonly isAbout?: (facts: GateFacts, thresholds: GateThresholds) => boolean
  /** What matters most first. */
  readonly measure: (facts: GateFacts) => readonly GateFinding[]
}

/** Compares the candidate with what is live. */
export interface ComparisonGate extends GateText {
  readonly kind: 'comparison'
  readonly isAbout?: (facts: ComparedFacts, thresholds: GateThresholds) => boolean
  readonly measure: (facts: ComparedFacts) => readonly GateFinding[]
}

export type GateEntry = QualityGate | ComparisonGate

/** `12 customers` of those whom a segment holds in the candidate, moved or not. */
export function listSegment(segmentKey: string): string {
  return `resegment moves RUN --to ${segmentKey} --all`
}
