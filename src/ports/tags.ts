import type { RunIdentity } from '../run/run-key.ts'

/** A published run, frozen under a name. */
export interface Tag {
  readonly pipeline: string
  /** A pipeline has one of a name. */
  readonly name: string
  readonly run: RunIdentity
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly customers: number
  readonly by: string
  /** ISO 8601, UTC. */
  readonly taggedAt: string
}

export interface TagRequest {
  readonly pipeline: string
  readonly name: string
  readonly runKey: string
  /** Absent: the newest that was published. */
  readonly revision: number | undefined
  readonly by: string
}

/** Snapshots of publications: nothing changes them but removing. */
export interface Tags {
  /**
   * Freezes who was where in a run. Doing it twice changes nothing.
   *
   * @returns `written` false: it was there already
   * @throws TagRefused when the name is that of another run, or the run's customers are no longer kept
   */
  add(request: TagRequest): Promise<{ readonly tag: Tag; readonly written: boolean }>
  /** The newest first. */
  list(pipeline: string): Promise<readonly Tag[]>
  /** @returns false: there is none of this name */
  remove(pipeline: string, name: string): Promise<boolean>
  close(): Promise<void>
}
