import { ApplicationFailure, WorkflowFailedError, WorkflowIdConflictPolicy } from '@temporalio/client'
import type { VerifyInput } from '../activities/verify-activities.ts'
import { VerificationFailed } from '../errors/verification-failed.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { taskQueuesOf, verifyIdOf } from '../plan/target-names.ts'
import { formatRunId } from '../run/run-key.ts'
import type { Verification, VerificationProgress } from '../run/verification.ts'
import { verificationQuery } from '../workflows/messages.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { followWorkflow } from './follow-workflow.ts'
import type { Trouble } from './read-run.ts'
import { describeRun } from './run-texts.ts'
import { explainServerRefusal } from './server-refusal.ts'

const VERIFY_TYPE = 'verifyRun'
const EVERY_MS = 250

export interface VerifyWatcher {
  onProgress(progress: VerificationProgress): void
  /** Called for each look at an attempt that failed. */
  onTrouble(trouble: Trouble): void
}

/**
 * Verifies a run and waits for the answer; joins a verification of it that is under way. Aborting cancels it.
 *
 * @throws VerificationFailed when there is no answer
 */
export async function verifyRun(
  access: TemporalAccess,
  input: VerifyInput,
  watcher: VerifyWatcher,
  signal: AbortSignal,
): Promise<Verification> {
  const { definition } = input
  checkDefinitionSize(definition)
  try {
    const handle = await access.client.workflow.start<(input: VerifyInput) => Promise<Verification>>(VERIFY_TYPE, {
      workflowId: verifyIdOf(definition.targetName, input),
      taskQueue: taskQueuesOf(definition.targetName).workflow,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: definition.pipeline.pipeline }],
      ...describeRun(definition, `Computing ${formatRunId(input)} again`),
    })
    const end = await followWorkflow(handle, {
      everyMs: EVERY_MS,
      onTrouble: (trouble) => watcher.onTrouble(trouble),
      async onLook() {
        // No worker, or one that is busy: the next look tells.
        const progress = await handle.query(verificationQuery).catch(() => undefined)
        if (progress) watcher.onProgress(progress)
      },
      signal,
    })
    if (end) return end.result
    await handle.cancel()
    throw signal.reason
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw explainServerRefusal(error, access)
    throw toFailure(error, input)
  }
}

function toFailure(error: WorkflowFailedError, input: VerifyInput): VerificationFailed {
  // An activity's failure wraps what went wrong in it.
  const cause = error.cause?.cause instanceof Error ? error.cause.cause : error.cause
  const type = cause instanceof ApplicationFailure ? cause.type : undefined
  const said = cause?.message ?? error.message
  return new VerificationFailed(
    `Run ${formatRunId(input)} could not be computed again${type ? ` (${type})` : ''}: ${said}`,
    'Nothing that consumers read was touched.',
  )
}
