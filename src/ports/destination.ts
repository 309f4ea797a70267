import type { ComputeSession } from './compute-engine.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { RecordedKind } from '../run/run-kind.ts'
import type { Validation } from '../stages/validate/validation.ts'
import type { StageCounts } from '../run/run-status.ts'

/** What a publication is of. */
export interface PublishedPlan extends Omit<RunPlan, 'kind'> {
  readonly kind: RecordedKind
}

/** A validated candidate, on the worker's disk. */
export interface Publication {
  readonly plan: PublishedPlan
  readonly validation: Validation
  /** Content digest of the validate artifact. */
  readonly digest: string
  /** Local Parquet files with the columns that `Validation` lists, in shard order. */
  readonly rowFiles: readonly string[]
  readonly lostFiles: readonly string[]
  /** Local pages for people, published beside the rows. Absent: there are none. */
  readonly reportFiles?: readonly string[]
  readonly temporalRunId: string
  readonly manifestUri: string | null
  readonly stages: readonly StageCounts[]
}

export interface PublishOutcome {
  readonly publicationId: number
  /** False: this very publication was out already, nothing was written. */
  readonly written: boolean
  readonly customers: number
}

/** The warehouse side: one short transaction makes the publication visible. */
export interface WarehouseDestination {
  /**
   * Refuses what `publish` would refuse, so that nothing is written elsewhere before. A publication that is out already is fine.
   *
   * @throws PublishConflict, OlderThanPublished
   */
  check(publication: Publication): Promise<void>
  /**
   * @param onProgress may throw to stop, for the last time right before the switch: nothing is visible then
   * @throws PublishConflict when what is live is not what the candidate was compared with
   * @throws OlderThanPublished when the live publication has a later as-of
   */
  publish(
    session: ComputeSession,
    publication: Publication,
    onProgress: (rowsDone: number) => void,
  ): Promise<PublishOutcome>
}

/** The object side: files first, then the manifest only if absent, then `latest.json`. */
export interface ObjectDestination {
  /**
   * @param scratchPath where the files are made before they are sent
   * @param signal aborting it stops between files; the manifest is not written then
   * @returns URI of the manifest
   * @throws PublishConflict when other content of the same run and revision is there already
   */
  writeRun(
    session: ComputeSession,
    publication: Publication,
    scratchPath: string,
    signal?: AbortSignal,
  ): Promise<string>
  /** Called after the warehouse has switched: makes `latest.json` name this run, unless a newer as-of is named there. */
  pointLatest(publication: Publication): Promise<void>
}
