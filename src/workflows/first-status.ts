import { workflowInfo } from '@temporalio/workflow'
import type { RunInput } from '../plan/run-plan.ts'
import type { RunStatus } from '../run/run-status.ts'

/** What a run says of itself before it has a plan. */
export function firstStatus(input: RunInput): RunStatus {
  const { workflowId, runId } = workflowInfo()
  return {
    runKey: '',
    revision: typeof input.revision === 'number' ? input.revision : 1,
    pipeline: input.definition.pipeline.pipeline,
    kind: input.options?.kind ?? 'refit',
    ...{ period: '', asOf: input.asOf ?? '' },
    status: 'running',
    verdict: null,
    stages: [],
    segments: [],
    checks: [],
    moved: null,
    moves: null,
    artifacts: {},
    manifestUri: null,
    workflowId,
    temporalRunId: runId,
  }
}
