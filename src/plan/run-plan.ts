import type { RunIdentity } from '../run/run-key.ts'
import type { RefitPolicy } from '../run/refit-policy.ts'
import type { RunKind } from '../run/run-kind.ts'
import type { DryStageName } from '../run/stage.ts'
import type { FeaturesConfig } from '../stages/features/config.ts'
import type { Definition } from './definition.ts'

/** The one argument of `segmentCustomers`: complete enough for "Start Workflow Like This One". */
export interface RunInput {
  readonly definition: Definition
  /** ISO 8601 instant or date (midnight in the pipeline's zone). Absent: the end of the period of the scheduled start. */
  readonly asOf?: string
  /** Absent: 1. `next`: one more than the newest revision of this run key, with the definition that is deployed in place of the one here. */
  readonly revision?: number | 'next'
  readonly options?: RunOptions
}

/** What people edit in "Start Workflow Like This One" stands first: the definition fills pages. */
export function inputOf({ asOf, revision, options, definition }: RunInput): RunInput {
  return { ...(asOf === undefined ? {} : { asOf }), revision, options, definition }
}

export interface RunOptions {
  /** Absent: refit. */
  readonly kind?: RunKind
  /** For this run in place of `cluster.refit`. */
  readonly refit?: RefitPolicy
  /** Into the history alone, between its neighbours by as-of: what is live stays. */
  readonly historical?: boolean
  /** Compare with what is live, write nothing to consumers. */
  readonly dryRun?: boolean
  /** The last stage of a dry run. Absent: validate. */
  readonly until?: DryStageName
  /** Customers may come out under other ids than those that are live, so that all of them are new. */
  readonly newIds?: boolean
  /** Of a dry run: about how many customers it looks at, the same ones each time. Absent: all. */
  readonly sample?: number
}

/** The features of the live model, or why they cannot be built any more. */
export type LiveFeatures = { readonly features: FeaturesConfig } | { readonly problem: string }

/** What a verification goes by. */
export interface VerifiedRun {
  /** The validate artifact of the run: what was live then is recorded there. */
  readonly validationUri: string
  /** Rows of erased customers are missing: what was fitted over all of them is taken as recorded. */
  readonly erased?: {
    /** The clean artifact of the run, for bounds over all rows. */
    readonly cleanUri: string
    readonly shardCount: number
  }
}

/** Everything a run will do, decided before it starts. Same definition and same as-of, same plan. */
export interface RunPlan extends RunIdentity {
  readonly kind: RunKind
  readonly pipeline: string
  /** `2026-Q3`, `2026-09`, or the as-of date when the pipeline has no schedule. */
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly timezone: string
  /** Lower-case hex SHA-256 of the canonical JSON of the definition without its target and folder. */
  readonly definitionHash: string
  readonly definition: Definition
  readonly options: RunOptions
  /** Fingerprint of the key of the pseudonyms that customers have. Absent: they have their own ids. */
  readonly pseudonymKey?: string
  /** The third door of a held run: its customers as the live model places them. */
  readonly isByLiveModel?: true
  /** Nothing is made for consumers: the stages of a finished run are computed again, from what it recorded. */
  readonly verifies?: VerifiedRun
  /** The publication whose model the run starts from: cuts and centres to keep, a model to score with. Null: nothing is published. */
  readonly live: { readonly publicationId: number; readonly modelDigest: string } | null
  /** What the live model was made from, where the definition asks for something else. Absent: it asks for the same, or nothing is live. */
  readonly liveFeatures?: LiveFeatures
  readonly codeVersion: string
  readonly workflowId: string
}
