import type { Definition } from './definition.ts'
import type { KeptDefinition } from './kept-definition.ts'
import type { Target } from './project.ts'
import { targetIdOf, taskQueuesOf } from './target-names.ts'

export const ERASURE_WORKFLOW_TYPE = 'eraseCustomer'

/** The warehouse of a target. */
export interface ErasurePlace {
  readonly target: Target
  /** Name of the secret with the URL of the warehouse. */
  readonly warehouse: string
}

/** The one argument of `eraseCustomer`. Whom it is about only the warehouse knows. */
export interface ErasureInput extends ErasurePlace {
  readonly requestId: string
  readonly targetName: string
  /** How long destinations may take to hear that the customers left; then it goes on and says so. */
  readonly minutesForDestinations: number
}

/** `erase/<request>` for prod, `dev/erase/<request>` for others. */
export function erasureIdOf({ targetName, requestId }: Pick<ErasureInput, 'targetName' | 'requestId'>): string {
  return targetIdOf(targetName, `erase/${requestId}`)
}

export function erasureStartOf(input: ErasureInput) {
  return {
    workflowId: erasureIdOf(input),
    taskQueue: taskQueuesOf(input.targetName).workflow,
    args: [input] as [ErasureInput],
    staticSummary: `Forgetting customers, request ${input.requestId}`,
    staticDetails: `Erases what every store of target ${input.targetName} holds of the customers of a request, and looks again. Whom it is about is in the warehouse alone.`,
  }
}

/** A definition with as much as the places of a target need: overrides, which name customers, stay behind. */
export function definitionInTarget(
  kept: KeptDefinition,
  { targetName, target }: Pick<ErasureInput, 'targetName' | 'target'>,
): Definition {
  return withoutOverrides({ ...kept, targetName, target, projectFolder: '/' })
}

/** Overrides name customers: only a run needs them. */
export function withoutOverrides(definition: Definition): Definition {
  const { overrides, ...pipeline } = definition.pipeline
  return overrides === undefined ? definition : { ...definition, pipeline }
}
