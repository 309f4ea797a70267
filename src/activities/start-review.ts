import { REVIEW_WORKFLOW_TYPE, reviewStartOf } from '../plan/review-input.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { startOnce, type WorkflowStarter } from './start-once.ts'

/**
 * Has the runs reviewed whose outcome is known now that this one is published: a workflow of its own, whose failure is not this run's. One that
 * this publication started before stays as it is; what it did not come to, the next one's does.
 */
export async function startReview(
  workflows: WorkflowStarter,
  { definition, runKey, revision }: Pick<RunPlan, 'definition' | 'runKey' | 'revision'>,
): Promise<void> {
  await startOnce(workflows, REVIEW_WORKFLOW_TYPE, reviewStartOf({ definition, after: { runKey, revision } }))
}
