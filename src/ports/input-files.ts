export interface InputFile {
  /** Whole name in its store, as `exports/2026/lines-07.csv.gz`. */
  readonly key: string
  readonly bytes: number
  /** Names this version of the file's content. */
  readonly etag: string
}

/** Files of a source that are not on the worker's disk. */
export interface InputFiles {
  /** For messages. */
  uri(key: string): string
  /**
   * Files whose whole key matches, sorted by key.
   *
   * @param pattern `*` and `?` stay within a folder, `**` does not, `[…]` is one character of a set
   * @throws ConnectionFailed, PermissionDenied, ConfigInvalid
   */
  list(pattern: string, signal?: AbortSignal): Promise<readonly InputFile[]>
  /**
   * Copies exactly the listed version of a file to `path`.
   *
   * @param onProgress bytes of this file so far; begins again when the connection broke off
   * @throws ConnectionFailed also when the file was replaced or removed since it was listed; PermissionDenied, ConfigInvalid
   */
  fetchToFile(
    file: InputFile,
    path: string,
    signal?: AbortSignal,
    onProgress?: (bytesDone: number) => void,
  ): Promise<void>
}
