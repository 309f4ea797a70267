import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client'
import { RunAlreadyFailed } from '../errors/run-already-failed.ts'
import type { Definition } from '../plan/definition.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { periodOf, resolveAsOf, runKeyOf } from '../plan/period.ts'
import { inputOf, type RunOptions } from '../plan/run-plan.ts'
import { taskQueuesOf, workflowIdOf } from '../plan/target-names.ts'
import { formatDryRunId } from '../run/dry-run-id.ts'
import { formatRunId, runArguments, type RunIdentity } from '../run/run-key.ts'
import { targetOption } from '../run/target-option.ts'
import { WORKFLOW_TYPE } from '../workflows/messages.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { readRun, type RunEnd } from './read-run.ts'
import { describeRun } from './run-texts.ts'
import { explainServerRefusal } from './server-refusal.ts'

export interface StartRequest {
  readonly definition: Definition
  /** Date in the pipeline's zone, or ISO instant. */
  readonly asOf: string
  /** Resolved by the caller: the workflow's id contains it. */
  readonly revision: number
  readonly options?: RunOptions
}

export interface StartedRun extends RunIdentity {
  readonly workflowId: string
  /** True when it was running or done before: nothing was started. */
  readonly attached: boolean
}

/**
 * Starts a run, or attaches to it when it runs or is done. A cancelled or terminated run starts again and re-uses what it had finished.
 *
 * @throws RunAlreadyFailed, PayloadTooLarge, ConfigInvalid, ConnectionFailed
 */
export async function startRun(access: TemporalAccess, request: StartRequest): Promise<StartedRun> {
  const { definition, revision, options = {} } = request
  checkDefinitionSize(definition)
  const { pipeline, targetName } = definition
  const asOf = resolveAsOf(pipeline, request.asOf)
  const identity = { runKey: runKeyOf(pipeline, asOf, options.kind), revision }
  const workflowId = workflowIdOf(targetName, identity, options)
  const input = inputOf({ definition, asOf, revision, options })
  const start = async (reuse: WorkflowIdReusePolicy): Promise<void> => {
    await access.client.workflow.start(WORKFLOW_TYPE, {
      workflowId,
      taskQueue: taskQueuesOf(targetName).workflow,
      args: [input],
      workflowIdReusePolicy: reuse,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      typedSearchAttributes: [
        { key: searchAttributes.pipeline, value: pipeline.pipeline },
        { key: searchAttributes.run, value: formatDryRunId(identity, options) },
        { key: searchAttributes.asOf, value: asOf },
      ],
      ...describeRun(
        definition,
        `${options.dryRun ? 'Dry run of' : options.kind === 'score' ? 'Customers placed by' : 'Segments of'} ${pipeline.pipeline}${options.until === undefined ? '' : ` until ${options.until}`}${options.sample === undefined ? '' : `, a sample of ${options.sample}`}, ${periodOf(pipeline, asOf)}`,
      ),
    })
  }
  try {
    // A dry run may be repeated: what is live changes.
    await start(options.dryRun ? WorkflowIdReusePolicy.ALLOW_DUPLICATE : WorkflowIdReusePolicy.REJECT_DUPLICATE)
    return { ...identity, workflowId, attached: false }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explainServerRefusal(error, access)
  }
  const { status } = await access.client.workflow.getHandle(workflowId).describe()
  switch (status.name) {
    case 'RUNNING':
    case 'PAUSED':
    case 'COMPLETED':
    case 'CONTINUED_AS_NEW':
      return { ...identity, workflowId, attached: true }
    case 'CANCELLED':
    case 'TERMINATED':
      await start(WorkflowIdReusePolicy.ALLOW_DUPLICATE)
      return { ...identity, workflowId, attached: false }
    default:
      throw failedBefore(definition, identity, asOf, (await readRun(access, workflowId)).end)
  }
}

/** Says again what the run said when it failed: only its own kind of repair is worth a line. */
function failedBefore(
  { targetName }: Definition,
  identity: RunIdentity,
  asOf: string,
  end: RunEnd | null,
): RunAlreadyFailed {
  const run = formatRunId(identity)
  const retry = `\`resegment retry ${run}${targetOption(targetName)}\``
  const rerun = `\`resegment run ${runArguments(identity.runKey, asOf)} --revision next${targetOption(targetName)}\``
  const failure = end?.how === 'failed' ? end.failure : null
  if (!failure)
    return new RunAlreadyFailed(
      `Run ${run} failed before${end?.how === 'failed' ? `: ${end.message}` : end?.how === 'timed-out' ? ': it ran out of time' : ''}.`,
      `When the world was broken: ${retry}. When the source or the definition had to change: ${rerun}.`,
    )
  return new RunAlreadyFailed(
    `Run ${run} failed before, in stage ${failure.stage} (${failure.type}): ${failure.what}`,
    `${failure.remedy} ${failure.next}`,
  )
}
