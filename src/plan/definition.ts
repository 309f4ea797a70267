import type { Source } from '../stages/extract/config.ts'
import type { PipelineChannel } from './notify.ts'
import type { Pipeline } from './pipeline.ts'
import type { Connection, Target } from './project.ts'

/**
 * A pipeline with everything it refers to, as one plain value: what `run` and `deploy` put into the workflow's argument.
 * At most 64 KB; secrets only as names.
 */
export interface Definition {
  readonly formatVersion: 1
  readonly targetName: string
  readonly target: Target
  /** Only those the pipeline uses. */
  readonly connections: Readonly<Record<string, Connection>>
  /** Only those the pipeline uses. File locations are absolute or relative to `projectFolder`. */
  readonly sources: Readonly<Record<string, Source>>
  readonly pipeline: Pipeline
  readonly contact: string
  readonly runbook: string
  /** Whom to tell what becomes of runs; absent: nobody. */
  readonly notify?: readonly PipelineChannel[]
  /** Absolute path in which relative `file:` sources are looked up by workers. */
  readonly projectFolder: string
}
