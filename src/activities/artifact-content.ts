import { digestOf } from '../plan/digest.ts'
import { pageRoles } from '../run/comparison-pages.ts'
import { addRowDigests, type ArtifactFile } from '../run/artifact.ts'

/** Records that are no rows say the lines they stood in, which a shuffled file changes; pages tell of the content in words. */
const APART_FROM_CONTENT: readonly string[] = ['unreadable', ...Object.values(pageRoles)]

/** Rows add up over shards, so that the digest does not depend on their number; documents count by their bytes. */
export function contentOf(files: readonly ArtifactFile[]): { contentDigest: string; rowCount: number } {
  const roles = [...new Set(files.map((file) => file.role))].filter((role) => !APART_FROM_CONTENT.includes(role)).sort()
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
