import type { ComputeSession } from '../ports/compute-engine.ts'
import type { SourceView } from '../ports/source-reader.ts'
import type { SourceRole } from '../run/data-roles.ts'
import type { Source } from '../stages/extract/config.ts'

/** One source and all that a look at it needs. */
export interface LookRequest {
  readonly session: ComputeSession
  readonly view: SourceView
  readonly source: Source
  readonly sourceName: string
  readonly roles: readonly SourceRole[]
  /** A folder of this look alone. */
  readonly scratchPath: string
}
