import type { StoredObject } from '../run/sweep-plan.ts'
import type { SweptPlace } from './swept-place.ts'

export interface StoredDocument {
  readonly text: string
  /** Tells this content from any other. */
  readonly version: string
}

/** What a bucket with versions still has of an object that was replaced or removed. */
export interface OldVersion extends StoredObject {
  readonly versionId: string
}

/** A bucket or folder as erasure sees it: content can be read, replaced, and removed so that nothing of it stays. */
export interface ErasablePlace extends Pick<SweptPlace, 'list' | 'listUploads' | 'abortUpload'> {
  /** @param prefix below the root, ends with a slash; empty without versions */
  listOldVersions(prefix: string): Promise<readonly OldVersion[]>
  readDocument(uri: string): Promise<StoredDocument | undefined>
  /** @param version of what it replaces @returns false when something else is there by now */
  replaceDocument(uri: string, text: string, version: string): Promise<boolean>
  /** @returns false when it is not there */
  fetchFile(object: Pick<StoredObject, 'uri'> & { readonly versionId?: string }, path: string): Promise<boolean>
  sendFile(uri: string, localPath: string): Promise<void>
  /** In all versions. What is gone already is no mistake. @throws ObjectLocked when the bucket keeps it */
  removeForGood(uris: readonly string[]): Promise<void>
  /** @throws ObjectLocked */
  removeOldVersions(versions: readonly OldVersion[]): Promise<void>
}
