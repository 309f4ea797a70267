import type { WorkflowExecutionDescription } from '@temporalio/client'
import type { RunVersion } from '../run/worker-version.ts'
import { workerVersion } from '../plan/queue-routing.ts'

/** VersioningBehavior of the wire protocol. */
const PINNED = 1

/** The version that a workflow is worked on by, as `describe` of Temporal has it; null: workers without one. What somebody overrode counts. */
export function runVersion({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): RunVersion | null {
  const { behavior, deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {}
  const pinnedTo = workerVersion(versioningOverride?.pinned?.version)
  if (pinnedTo) return { ...pinnedTo, isPinned: true }
  const version = workerVersion(deploymentVersion)
  return version && behavior ? { ...version, isPinned: behavior === PINNED && !versioningOverride?.autoUpgrade } : null
}
