/** What an artifact store stands on: a folder or a bucket. All addresses are URIs under `rootUri`. */
export interface ArtifactPlace {
  /** Without a trailing slash. */
  readonly rootUri: string
  /** @returns undefined when there is none */
  readDocument(uri: string): Promise<string | undefined>
  /**
   * Writes only if there is none.
   *
   * @returns false when another writer was there, or is there now
   */
  createDocument(uri: string, text: string): Promise<boolean>
  /** Two writers of one URI write the same bytes: neither tears the other's. */
  sendFile(uri: string, localPath: string): Promise<void>
  /**
   * Removes everything under a prefix except what is under another one.
   *
   * @param prefix below the root, ends with a slash
   * @param keptPrefix under `prefix`
   */
  remove(prefix: string, keptPrefix: string): Promise<void>
}

/** A place that is not on the worker's disk. */
export interface RemotePlace extends ArtifactPlace {
  /** @returns what arrived; undefined when the file is not there */
  fetchFile(uri: string, path: string): Promise<{ readonly bytes: number; readonly sha256: string } | undefined>
}
