import type { ArmShare } from '../experiment/arm-shares.ts'
import type { AssignedCustomer } from '../experiment/assign-customers.ts'
import type { SegmentBaseline } from '../experiment/plan-experiment.ts'

/** An experiment as it was drawn. */
export interface DrawnExperiment {
  readonly name: string
  readonly pipeline: string
  /** The run whose segments it was drawn from. */
  readonly runKey: string
  readonly arms: readonly ArmShare[]
}

/** One that was kept. */
export interface KeptExperiment extends DrawnExperiment {
  /** ISO 8601, UTC. */
  readonly assignedAt: string
}

export interface DrawableCustomer {
  readonly customerId: string
  readonly segmentKey: string
  readonly segmentName: string
  readonly isHoldout: boolean
}

/** Who takes part in experiments: drawn once, then as it is. */
export interface Experiments {
  /** Customers of what is live, ordered by id; undefined: nothing is. */
  live(
    pipeline: string,
  ): Promise<{ readonly runKey: string; readonly customers: readonly DrawableCustomer[] } | undefined>
  /**
   * What a published feature is among the customers of each live segment, without those who are held out; largest first.
   *
   * @param feature null: only how many there are
   */
  baselines(pipeline: string, feature: string | null): Promise<readonly SegmentBaseline[]>
  /** @returns false where there is one of this name, which stays as it is */
  keep(experiment: DrawnExperiment, members: readonly AssignedCustomer[], by: string): Promise<boolean>
  /** @returns undefined where there is none of this name */
  find(name: string): Promise<KeptExperiment | undefined>
  /** Ordered by id. */
  members(name: string): Promise<readonly AssignedCustomer[]>
  close(): Promise<void>
}
