import type { Definition } from '../plan/definition.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactRef } from '../run/artifact.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { ChangedVersion, VerifiedPlace } from '../run/verification.ts'
import type { ValidatedRefs } from './activities.ts'

/** The one argument of workflow `verifyRun`. */
export interface VerifyInput extends RunIdentity {
  /** Of today: where store, warehouse and sources are. What the run obeyed, it recorded. */
  readonly definition: Definition
  /** Read the sources again, also where what was read of them is kept. */
  readonly fromSource: boolean
}

/** How a run is verified, decided before anything is computed. */
export interface PlannedVerification {
  /** That of the run, with a folder of its own. */
  readonly plan: RunPlan
  /** Null: it is not kept any more. */
  readonly raw: ArtifactRef | null
  readonly rawHash: string | null
  readonly refs: ValidatedRefs
  readonly validation: ArtifactRef
  readonly shards: number
  readonly publicationId: number
  /** The features were made for a model of their own, though the live one placed the customers. */
  readonly fitsFeatures: boolean
  readonly versions: readonly ChangedVersion[]
  /** Why inputs are not what they were, as sentences. */
  readonly inputs: readonly string[]
  /** Customers whose rows are gone. */
  readonly erased: number
}

export interface VerifyActivities {
  planVerification(input: VerifyInput, temporalRunId: string): Promise<PlannedVerification>
  /** Names the sources that have other rows than those which were recorded. */
  compareInputs(planned: PlannedVerification, raw: ArtifactRef): Promise<readonly string[]>
  /** Digests of rows alone: of an artifact whose rows were taken out in part, and of what was made of the rest. */
  digestRows(plan: RunPlan, refs: readonly ArtifactRef[]): Promise<readonly string[]>
  /** What consumers can read against the rows that were validated. @param candidate computed again, where customers were erased */
  comparePublished(planned: PlannedVerification, candidate: ArtifactRef | null): Promise<readonly VerifiedPlace[]>
  /** Removes what the verification computed. */
  endVerification(plan: RunPlan): Promise<void>
}
