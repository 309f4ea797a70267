import type { RunVersion } from '../run/worker-version.ts'
import { type RawVersion, workerVersion } from './queue-routing.ts'

/** VersioningBehavior of the wire protocol. */
const PINNED = 1

/** The part of Temporal's `describeWorkflowExecution` that tells who works on a workflow. */
export interface RawWorkflow {
  readonly workflowExecutionInfo?: {
    readonly versioningInfo?: {
      readonly behavior?: number | null
      readonly deploymentVersion?: RawVersion | null
      readonly versioningOverride?: {
        readonly pinned?: { readonly version?: RawVersion | null } | null
        readonly autoUpgrade?: boolean | null
      } | null
    } | null
  } | null
}

/** The version that a workflow is worked on by; null: workers without one. What somebody overrode counts. */
export function runVersion({ raw }: { readonly raw: RawWorkflow }): RunVersion | null {
  const { behavior, deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {}
  const pinnedTo = workerVersion(versioningOverride?.pinned?.version)
  if (pinnedTo) return { ...pinnedTo, isPinned: true }
  const version = workerVersion(deploymentVersion)
  return version && behavior ? { ...version, isPinned: behavior === PINNED && !versioningOverride?.autoUpgrade } : null
}
