import type { Answer } from './team-answers.ts'

/** What can be known of how a company segments, at one moment, in one target. Instants are ISO 8601, UTC. */
export interface ScorecardEvidence {
  readonly now: string
  /** In order of their names. */
  readonly pipelines: readonly PipelineEvidence[]
  /** Number of the question → what the team says. */
  readonly answers: ReadonlyMap<number, Answer>
}

/** A pipeline file, and what came of it. */
export interface PipelineEvidence {
  readonly pipeline: string
  readonly method: string
  /** Names of people; empty: nobody. */
  readonly owner: string
  /** Of the project. */
  readonly contact: string
  /** How often segments are formed anew, `every quarter`; null: by hand. */
  readonly rhythm: string | null
  /** Roles that it reads: `transactions`, `survey`, … */
  readonly roles: readonly string[]
  readonly features: readonly FeatureEvidence[]
  readonly destinations: readonly string[]
  /** Share of customers who are held out of activation; null: nobody is. */
  readonly holdout: number | null
  /** Channels that are told what becomes of runs. */
  readonly channels: number
  /** Null: nothing was ever published, or it was taken back. */
  readonly live: LiveEvidence | null
}

export interface FeatureEvidence {
  readonly name: string
  /** Of the catalogue that it is an instance of. */
  readonly feature: string
  /** `value`, `behaviour`, `demographic`, …; null: its own SQL. */
  readonly group: string | null
}

/** What consumers see now, and how it came about. */
export interface LiveEvidence {
  /** `shop@2026-10-01~1` */
  readonly run: string
  readonly publishedAt: string
  readonly asOf: string
  /** Null: no schedule says. */
  readonly staleAfter: string | null
  /** Share of the customers present before and now who changed segment, 0 to 1; null: the first publication. */
  readonly moved: number | null
  /** Those with customers, the largest first. */
  readonly segments: readonly SegmentEvidence[]
  /** Of this pipeline, the newest first. */
  readonly publishedAts: readonly string[]
  /** Alternatives that were computed and compared when segments were formed. */
  readonly candidates: number
  /** When people decided about runs: approved, rejected, kept the live model. The newest first. */
  readonly decidedAts: readonly string[]
  /** When destinations had heard of the live run. */
  readonly syncs: readonly { readonly destination: string; readonly finishedAt: string }[]
  /** What each segment holds of what customers spent; null: no feature counts money. */
  readonly money: { readonly feature: string; readonly shares: readonly MoneyShare[] } | null
  /** By figure of the newest period: segments that it is known of, and those that differ from all others by more than chance. */
  readonly kpis: readonly { readonly kpi: string; readonly segments: number; readonly differing: number }[]
  /** Segments with a plan, and those for which the pipeline says some of it itself. */
  readonly plans: { readonly segments: number; readonly own: number }
}

export interface SegmentEvidence {
  readonly segmentKey: string
  readonly name: string
  /** People gave the name. */
  readonly isNamed: boolean
  readonly description: string
  readonly owner: string
  readonly customers: number
  /** Of all customers, 0 to 1. */
  readonly share: number
}

export interface MoneyShare {
  readonly segmentKey: string
  readonly name: string
  /** Of the money, 0 to 1. */
  readonly share: number
  /** Of the customers, 0 to 1. */
  readonly ofCustomers: number
}
