import { WorkflowIdConflictPolicy } from '@temporalio/client'
import type { SweepInput, SweepReport } from '../activities/sweep.ts'
import { sweepIdOf, taskQueuesOf } from '../plan/target-names.ts'
import { SWEEP_TYPE } from '../workflows/messages.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { describeRun } from './run-texts.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** Sweeps the stores of a pipeline and waits for the end; joins a sweep that is under way. */
export async function sweepPipeline(access: TemporalAccess, input: SweepInput): Promise<SweepReport> {
  const { pipeline, targetName } = input.definition
  try {
    return await access.client.workflow.execute<(input: SweepInput) => Promise<SweepReport>>(SWEEP_TYPE, {
      workflowId: sweepIdOf(targetName, pipeline.pipeline, input.dryRun),
      taskQueue: taskQueuesOf(targetName).workflow,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline.pipeline }],
      ...describeRun(input.definition, `Tidying up after dead runs of ${pipeline.pipeline}`),
    })
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
