import { digestOf } from '../plan/digest.ts'
import { addRowDigests, type ArtifactFile } from '../run/artifact.ts'

/** Records that are no rows say the lines they stood in, which a shuffled file changes. */
const APART_FROM_CONTENT = 'unreadable'

/** Rows add up over shards, so that the digest does not depend on their number; documents count by their bytes. */
export function contentOf(files: readonly ArtifactFile[]): { contentDigest: string; rowCount: number } {
  const roles = [...new Set(files.map((file) => file.role))].filter((role) => role !== APART_FROM_CONTENT).sort()
  const content = roles.map((role) => {
    const ofRole = files.filter((file) => file.role === role)
    const digests = ofRole.flatMap((file) => (file.rows ? [file.rows] : []))
    return digests.length > 0
      ? { role, rows: addRowDigests(digests) }
      : { role, documents: ofRole.map((file) => file.sha256).sort() }
  })
  return {
    contentDigest: digestOf(content),
    rowCount: addRowDigests(files.flatMap((file) => (file.role === 'rows' && file.rows ? [file.rows] : []))).rowCount,
  }
}
