import type { Definition } from './definition.ts'
import { digestOf } from './digest.ts'
import { periodOf, runKeyOf, zoneOf } from './period.ts'
import type { RunOptions, RunPlan } from './run-plan.ts'

export interface PlanRequest {
  readonly definition: Definition
  /** ISO 8601, UTC: what `resolveAsOf` or `lastPeriodEnd` gave. */
  readonly asOf: string
  readonly revision: number
  readonly options?: RunOptions
  /** Absent: null. */
  readonly live?: RunPlan['live']
  readonly workflowId: string
  readonly codeVersion: string
}

/** Everything a run will do, decided before it starts. Same request, same plan. */
export function planRun({
  definition,
  asOf,
  revision,
  options = {},
  live = null,
  workflowId,
  codeVersion,
}: PlanRequest): RunPlan {
  const { pipeline } = definition
  const { kind = 'refit' } = options
  return {
    kind,
    pipeline: pipeline.pipeline,
    runKey: runKeyOf(pipeline, asOf, kind),
    revision,
    period: periodOf(pipeline, asOf),
    asOf,
    timezone: zoneOf(pipeline),
    definitionHash: definitionHashOf(definition),
    definition,
    options,
    live,
    codeVersion,
    workflowId,
  }
}

/** The same segmentation has the same hash in every target and folder, whoever is told of it. */
export function definitionHashOf(definition: Definition): string {
  const { targetName: _name, target: _target, projectFolder: _folder, notify: _channels, ...meaning } = definition
  return digestOf(meaning)
}
