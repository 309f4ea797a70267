// The public API, name by name. What is not here may change without notice.

export { inspectProject } from './config/load-project.ts'
export type { Inspection } from './config/load-project.ts'
export type { ConfigProblem } from './errors/config-invalid.ts'
export type { Definition } from './plan/definition.ts'
export type { Pipeline } from './plan/pipeline.ts'
export type { Project } from './plan/project.ts'
export { formatRunId, parseRunId } from './run/run-key.ts'
export type { RunIdentity } from './run/run-key.ts'
export type { RunState, RunStatus, SegmentSummary, StageCounts } from './run/run-status.ts'
export type { GateCheck, GateOutcome } from './run/verdict.ts'
