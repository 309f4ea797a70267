import type { RunPlan } from '../../plan/run-plan.ts'
import type { ColumnTable, ComputeSession } from '../../ports/compute-engine.ts'
import type { KernelPool } from '../../ports/kernel-pool.ts'
import type { MethodConfig, MethodName } from '../../stages/cluster/config.ts'
import type { ClusterModel, MethodParameters } from '../../stages/cluster/model.ts'
import type { Placed } from '../../stages/cluster/placed.ts'
import type { FittedTransforms } from '../../stages/features/transform.ts'
import type { UnseenCounts } from '../../stages/features/unseen-counts.ts'
import type { Attempt } from '../attempt.ts'

export type ConfigOf<Name extends MethodName> = Extract<MethodConfig, { readonly method: Name }>
export type ModelOf<Name extends MethodName> = ClusterModel & {
  readonly parameters: Extract<MethodParameters, { readonly method: Name }>
}

/** What a method is fitted on. */
export interface FitInput<Config> {
  readonly config: Config
  readonly plan: RunPlan
  readonly session: ComputeSession
  /** SQL that yields all customers to be grouped: bucket, customer_id, and the features of the artifact, in their own units. */
  readonly relation: string
  /** Rows of `relation`. */
  readonly customerCount: number
  /** From the first order to the as-of; null without orders. */
  readonly historyDays: number | null
  /** Of all features that are not left out by `featureChecks`, in the order of their names. */
  readonly features: FittedTransforms
  /** Of what is published; null where nothing is. */
  readonly live: ClusterModel | null
  readonly kernels: KernelPool
  readonly attempt: Pick<Attempt, 'signal' | 'progress'>
}

/** What placing may use. */
export interface PlaceTools {
  readonly kernels: KernelPool
  readonly signal: AbortSignal
}

/** A way to group customers. */
export interface ClusterMethod<Name extends MethodName> {
  /** Deterministic: for the same customers the same model, for any order, shards and threads. */
  fit(input: FitInput<ConfigOf<Name>>): Promise<ModelOf<Name>>
  /** What placing reads: name → SQL over a relation of features. */
  columns(model: ModelOf<Name>): Readonly<Record<string, string>>
  /**
   * Puts customers where the model says, without looking at one another: those it was fitted on land where the fit had them.
   *
   * @param table has the `columns`
   */
  place(table: ColumnTable, model: ModelOf<Name>, tools: PlaceTools): Promise<Placement>
}

export interface Placement extends Placed {
  /** Feature → customers whose level the model does not know; only those above 0. */
  readonly unseenLevels: UnseenCounts
}

/** Finds a method by its name; the caller pairs it with its own config and model. */
export type MethodOf = (name: MethodName) => ClusterMethod<MethodName>
