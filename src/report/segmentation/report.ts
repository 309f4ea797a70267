import type { SegmentStatus } from '../../stages/validate/validation.ts'
import type { GateOutcome } from '../../run/verdict.ts'
import type { SegmentCampaign } from '../../run/segment-campaign.ts'
import type { KpiName, SegmentKpi } from '../../run/segment-kpi.ts'
import type { SegmentPlan } from '../../run/segment-plan.ts'
import type { SegmentMap } from './draw-map.ts'
import type { Change } from './proposed-change.ts'
import type { Refinements } from './refinements/proposal.ts'
import type { BackedProposal } from './refinements/said-by-people.ts'

/** How a segment differs in one feature. */
export interface Trait {
  readonly feature: string
  readonly meaning: string
  /** What the feature is about: the heading it stands under. */
  readonly aspect: Aspect
  readonly unit: string
  readonly mean: number | null
  readonly median: number | null
  /** Mean of all customers. */
  readonly ofAll: number | null
  /** Cohen's d, of a level of a category Cohen's h, against all other customers. */
  readonly effect: number | null
}

/** A level that customers of a segment prefer: a channel, a category, a country. */
export interface Preference {
  readonly about: string
  readonly level: string
  /** Share of the segment, 0 to 1, and of all customers. */
  readonly share: number
  readonly ofAll: number
}

export const aspects = ['who', 'what', 'worth', 'later'] as const
export type Aspect = (typeof aspects)[number]

/** Customers who came into a segment from one other, or left for it. */
export interface Exchange {
  /** Name of the other segment; null: not a customer before, or any more. */
  readonly other: string | null
  /** At least five. */
  readonly customers: number
  /** The reason most of them have, as a text. */
  readonly why: string
}

/** One segment, as its persona tells it. */
export interface ReportedSegment {
  readonly segmentKey: string
  readonly name: string
  readonly description: string
  readonly criteria: string
  readonly status: SegmentStatus
  readonly owner: string | null
  readonly isNew: boolean
  /** Null: fewer than five. */
  readonly customers: number | null
  /** Of all customers, 0 to 1. */
  readonly share: number
  /** Null: it was not there, or there was nothing to compare with, or too few to tell. */
  readonly customersBefore: number | null
  /** Of what all customers spent, 0 to 1; null: no feature says. */
  readonly moneyShare: number | null
  /** What a customer spent, on average; null: no feature says. */
  readonly moneyEach: number | null
  /** Mean Jaccard overlap over bootstrap samples, 0 to 1; null: not computed. */
  readonly stability: number | null
  /** Who is in it in words, as a surrogate tree says; null: no rule. */
  readonly rule: string | null
  readonly traits: readonly Trait[]
  readonly preferences: readonly Preference[]
  /** The customer in the middle; null: too few to tell. */
  readonly typical: readonly { readonly feature: string; readonly unit: string; readonly value: number }[] | null
  readonly scores: readonly { readonly score: string; readonly unit: string; readonly median: number }[]
  readonly plan: SegmentPlan | null
  readonly came: readonly Exchange[]
  readonly went: readonly Exchange[]
}

/** All customers who went from one segment to another, at least five. */
export interface ReportedFlow {
  /** Names of the segments; null: not a customer before, or any more. */
  readonly from: string | null
  readonly to: string | null
  readonly fromSegmentKey: string | null
  readonly toSegmentKey: string | null
  readonly customers: number
}

/** Kotler & Keller, Marketing Management: measurable, substantial, accessible, differentiable, actionable; stable is asked besides. */
export const criteria = ['measurable', 'substantial', 'distinct', 'stable', 'reachable', 'actionable'] as const
export type Criterion = (typeof criteria)[number]

/** A criterion of one segment. */
export interface NameCheck {
  readonly criterion: Criterion
  /** Null: nothing in the data says. */
  readonly met: boolean | null
  /** The figure, or what is missing. */
  readonly text: string
}

export interface CheckedSegment {
  readonly segmentKey: string
  readonly checks: readonly NameCheck[]
}

/** What the segmentation is for: a figure, what it is to be, and until when (a date). */
export interface ReportedObjective {
  readonly kpi: KpiName
  readonly target: number
  readonly by: string
}

/** A person's decision about a held run. */
export interface ReportedDecision {
  /** `approved` */
  readonly decision: string
  readonly by: string
  readonly reason: string
}

/** A proposal, with what speaks for it besides and what people would write. */
export type ReportedProposal = BackedProposal &
  Change & {
    /** Customers who went to and fro over a border since the last publication; null: not known, or not to be told. */
    readonly crossed: number | null
  }

/** A run, as people and programs read about it: plain values, computed from what the run keeps, with no clock. */
export interface Report {
  readonly formatVersion: 1
  readonly runId: string
  readonly pipeline: string
  readonly description: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly against: { readonly runId: string; readonly asOf: string } | null
  readonly customers: number
  readonly verdict: GateOutcome
  /** Null: nobody had to decide, or has not. */
  readonly decision: ReportedDecision | null
  /** The period in five sentences. */
  readonly sentences: readonly string[]
  /** What customers spent is in; null: no feature says what they spent. */
  readonly currency: string | null
  /** The largest first. */
  readonly segments: readonly ReportedSegment[]
  readonly flows: readonly ReportedFlow[]
  readonly map: SegmentMap | null
  /** Null: the pipeline names none. */
  readonly objective: ReportedObjective | null
  /** By figure, period (the newest first) and segment. */
  readonly kpis: readonly SegmentKpi[]
  readonly campaigns: readonly SegmentCampaign[]
  /** Whether each segment deserves the name. */
  readonly nameChecks: readonly CheckedSegment[]
  /** Other segments that the customers call for. */
  readonly refinements: Omit<Refinements, 'proposals'> & { readonly proposals: readonly ReportedProposal[] }
}
