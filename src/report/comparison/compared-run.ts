import type { ComparisonMeasure } from '../../stages/validate/comparison/measures.ts'
import type { LineageEdge } from '../../run/lineage.ts'
import type { SegmentSummary } from '../../run/run-status.ts'
import type { MoveReason } from '../../run/transition.ts'
import type { GateCheck, GateOutcome } from '../../run/verdict.ts'

/** A segment of the run, and what became of it. */
export interface ComparedSegment extends SegmentSummary {
  readonly status: string
  /** 0: customers are in it first of all. */
  readonly level: number
  readonly isNew: boolean
  /** Mean Jaccard overlap over bootstrap samples; null: not computed. */
  readonly stability: number | null
}

/** What a comparison found: as much of the document `validation` as a page of it shows. */
export interface ComparisonFindings {
  readonly verdict: GateOutcome
  readonly checks: readonly GateCheck[]
  readonly segments: readonly ComparedSegment[]
  readonly transitions: readonly {
    readonly fromSegmentKey: string | null
    readonly toSegmentKey: string | null
    readonly moveReason: MoveReason | null
    readonly customers: number
  }[]
  readonly lineage: readonly LineageEdge[]
  readonly customers: number
  /** Customers in both. */
  readonly panel: number
  /** Of these, those in another segment; null: there was nothing to compare with. */
  readonly moved: number | null
  readonly comparison: readonly ComparisonMeasure[]
}

/** One thing that a person can do about what was compared. */
export interface Choice {
  readonly command: string
  /** What it does. */
  readonly text: string
}

/** Two runs, compared: plain values, all that a page of them is made of. */
export interface ComparedRun {
  /** `shop@2026-10-01~1` */
  readonly runId: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** What it is compared with; null: nothing is live. */
  readonly against: { readonly runId: string; readonly asOf: string } | null
  /** The segments are those of `against`, whose model placed the customers. */
  readonly keepsSegments: boolean
  readonly findings: ComparisonFindings
  /** Names of the segments of `against` by key. */
  readonly namesBefore: Readonly<Record<string, string>>
  /** Empty: there is nothing to decide. */
  readonly choices: readonly Choice[]
}
