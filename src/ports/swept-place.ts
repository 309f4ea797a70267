import type { StoredObject } from '../run/sweep-plan.ts'

/** An upload in parts that nobody finished. */
export interface OpenUpload {
  readonly key: string
  readonly uploadId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

/** A bucket or folder as whoever tidies up sees it: names and ages, never content. */
export interface SweptPlace {
  /** @param prefix below the root, ends with a slash */
  list(prefix: string): Promise<readonly StoredObject[]>
  /** In this order. What is gone already is no mistake. */
  remove(uris: readonly string[]): Promise<void>
  listUploads(prefix: string): Promise<readonly OpenUpload[]>
  abortUpload(upload: OpenUpload): Promise<void>
}
