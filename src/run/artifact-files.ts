/** Files of rows that cleansing, reading or overrides refused: they hold values as they came. */
const REFUSED = /^(?:[a-z]+_)?(?:rejects|unreadable)(?:_[a-z]+)?(?:-\d+)?-[0-9a-f]{12}\.parquet$/
/** `<pipeline>/<run>/<stage>-<digest>` at the end of an artifact's address. */
const OWN_SEGMENTS = /(?=[^/]+\/[^/]+\/[^/]+$)/
const REJECTS = 'rejects/'
const APART = /(?<=\/)rejects\/(?=[^/]+\/[^/]+\/[^/]+$)/

/**
 * Address of a file of an artifact. Refused rows lie apart, under `<prefix>rejects/<pipeline>/<run>/<stage>-<digest>/`, so that a store can keep
 * them for less long, and show them to fewer people, by their prefix.
 *
 * @param artifactUri without a trailing slash
 * @param name as the manifest has it
 */
export function artifactFileUri(artifactUri: string, name: string): string {
  return `${REFUSED.test(name) ? artifactUri.replace(OWN_SEGMENTS, REJECTS) : artifactUri}/${name}`
}

/** The artifact that a file belongs to, which need not be the folder it lies in; undefined: it is no file of an artifact. */
export function locateArtifactFile(fileUri: string): { readonly folder: string; readonly path: string } | undefined {
  const groups = /^(?<folder>.+\/[a-z]+-[0-9a-f]{16})\/(?<name>[^/]+)$/.exec(fileUri)?.groups
  if (!groups) return undefined
  const { folder, name } = groups as { folder: string; name: string }
  return { folder: REFUSED.test(name) ? folder.replace(APART, '') : folder, path: name }
}

/** Where refused rows of a pipeline lie. @param prefix of the target, empty or with a slash at its end */
export function rejectsPrefix(prefix: string, pipeline: string): string {
  return `${prefix}${REJECTS}${pipeline}/`
}
