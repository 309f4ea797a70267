import { digestOf } from '../plan/digest.ts'
import { pageRoles, sketchRole } from '../run/comparison-pages.ts'
import { addRowDigests, type ArtifactFile } from '../run/artifact.ts'

/** Role of the document that says what a validation was made of. */
export const CIRCUMSTANCES = 'circumstances'
/** Rows of the same, by table: what the warehouse showed, and whom the pipeline's file puts somewhere. */
export const circumstanceRoles = {
  live: 'before_live',
  live_held_out: 'before_live_held_out',
  live_also: 'before_live_also',
  live_overrides: 'before_live_overrides',
  former: 'before_former',
  past_members: 'before_past_members',
  written_overrides: 'before_written_overrides',
} as const

/**
 * Records that are no rows say the lines they stood in, which a shuffled file changes; pages and sketch tell of the content to people; circumstances are
 * what it was made of.
 */
const APART_FROM_CONTENT: readonly string[] = [
  ...['unreadable', CIRCUMSTANCES, sketchRole],
  ...Object.values(circumstanceRoles),
  ...Object.values(pageRoles),
]

/** Of an artifact whose rows were taken out in part, and of what is made of the rest: documents count what is no longer there. */
export function rowContentOf(files: readonly ArtifactFile[]): string {
  return contentOf(files.filter(({ rows }) => rows !== undefined)).contentDigest
}

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
