import type { ComputeSession } from './compute-engine.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { RecordedKind } from '../run/run-kind.ts'
import type { Validation } from '../stages/validate/validation.ts'
import type { StageCounts } from '../run/run-status.ts'

/** What a publication is of. */
export interface PublishedPlan extends Omit<RunPlan, 'kind'> {
  readonly kind: RecordedKind
}

/** Features that consumers are shown, as columns of local Parquet files with a row a customer. */
export interface ShownFeatures {
  readonly columns: readonly { readonly name: string; readonly isText: boolean }[]
  readonly files: readonly string[]
}

/** A page for people, on the worker's disk. */
export interface ReportFile {
  /** What it is published as, before the start of the digest and the ending: `report`. */
  readonly name: string
  readonly localPath: string
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
  /** The files may have other customers than `rowFiles`, who are not shown. Absent: none are. */
  readonly features?: ShownFeatures | undefined
  /** Pages for people, published beside the rows. Absent: there are none. */
  readonly reportFiles?: readonly ReportFile[]
  readonly temporalRunId: string
  readonly manifestUri: string | null
  readonly stages: readonly StageCounts[]
  /** Customers of the candidate who are not to be segmented, and are in none of its rows and figures here. Absent: 0. */
  readonly leftOut?: number
  /** The files were written again since they were validated, without customers who were erased: figures still count these. Absent: they were not. */
  readonly isErasedFrom?: true
}

export interface PublishOutcome {
  readonly publicationId: number
  /** False: this very publication was out already, nothing was written. */
  readonly written: boolean
  readonly customers: number
  /** Of the candidate, not to be segmented. */
  readonly leftOut: number
  /** When consumers began to see what they see now: ISO 8601, UTC, with microseconds. Rises with every switch of the pipeline. */
  readonly shownSince: string
}

/** A publication that consumers could return to. */
export interface ReturnPoint {
  /** What is live. */
  readonly from: RunIdentity
  readonly run: RunIdentity
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly digest: string
  readonly customers: number
  /** Null: it has no files. */
  readonly manifestUri: string | null
}

export interface RollbackRequest {
  /** What was live when somebody decided. */
  readonly from: RunIdentity
  readonly to: RunIdentity
  readonly by: string
  readonly reason: string
}

export interface Rollback {
  /** Published runs that are taken back by it. */
  readonly undone: readonly RunIdentity[]
  /** Customers that consumers see elsewhere than before. */
  readonly moved: number
  /** False: that run is live already, nothing was written. */
  readonly written: boolean
  /** As in `PublishOutcome`. */
  readonly shownSince: string
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
  /**
   * @param to a run that was published; undefined: what was live before the live one
   * @throws RollbackRefused when there is none, or what it said of customers is no longer kept
   */
  findReturnPoint(pipeline: string, to: RunIdentity | undefined): Promise<ReturnPoint>
  /** Shows a run again that was published before. @throws RollbackRefused; PublishConflict when another run came out meanwhile */
  rollBack(pipeline: string, request: RollbackRequest): Promise<Rollback>
}

/** A run that consumers see. */
export interface ShownRun extends RunIdentity {
  readonly pipeline: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly digest: string
  /** Of the target's objects. */
  readonly prefix: string
}

/** The published files of a run, on disk. */
export interface FetchedRun {
  /** Of the manifest. */
  readonly digest: string
  /** Of its rows of customers, in order. */
  readonly memberships: readonly string[]
  readonly files: number
  /** Paths below the run's folder whose file is gone, or is not the one that the manifest names. */
  readonly damaged: readonly string[]
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
  /**
   * Brings the published files of a run to disk and checks their bytes.
   *
   * @returns undefined when there is no manifest
   */
  fetchRun(
    run: Pick<ShownRun, 'pipeline' | 'runKey' | 'revision' | 'prefix'>,
    scratchPath: string,
    signal?: AbortSignal,
  ): Promise<FetchedRun | undefined>
  /**
   * Puts a page about a run beside its files, in place of one of the same name. It is none of the run's files: its manifest does not name it.
   *
   * @param name with its ending: `review.html`
   * @returns its URI
   */
  writePage(
    run: Pick<ShownRun, 'pipeline' | 'runKey' | 'revision' | 'prefix'>,
    name: string,
    localPath: string,
    signal?: AbortSignal,
  ): Promise<string>
  /** Whether the files of this result are there, all the way to their manifest. */
  hasRun(run: ShownRun): Promise<boolean>
  /**
   * Called after the warehouse has switched: makes `latest.json` name this run, unless it names one that was shown later.
   *
   * @param shownSince as the warehouse says
   */
  pointLatest(run: ShownRun, shownSince: string): Promise<void>
}
