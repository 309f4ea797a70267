import { digestOf } from '../plan/digest.ts'
import { addRowDigests, type ArtifactFile } from '../run/artifact.ts'
import { IS_SUPPRESSED } from '../stages/extract/role-rows.ts'
import { fileRoleOf, primaryRole } from '../stages/extract/config.ts'
import type { ExtractSummary, SourceSummary } from '../stages/extract/extract-summary.ts'
import type { Sample } from '../run/sample.ts'
import type { MadeControls } from './extract-controls.ts'
import type { PreparedRole } from './extract-role.ts'
import type { Extraction } from './extraction.ts'

/** Reasons shown one by one; a source may have a remark of its own for each customer. */
const MAX_REASONS = 20

export interface ExtractFacts {
  readonly summaries: readonly SourceSummary[]
  readonly roles: readonly PreparedRole[]
  readonly controls: MadeControls
  /** Of the data roles. */
  readonly files: readonly ArtifactFile[]
  readonly shardCount: number
  readonly sample: Sample | null
}

/** The stage's counts. */
export async function summarise(
  extraction: Extraction,
  { summaries, roles, controls, files, shardCount, sample }: ExtractFacts,
): Promise<ExtractSummary> {
  const primary = primaryRole(extraction.plan.definition.pipeline.extract)
  const ofPrimary = summaries.filter(({ role }) => role === primary)
  const excluded = await countLeftOut(extraction, roles)
  const leftOut = new Map(roles.map((role) => [role.role as string, role.leftOut]))
  return {
    sources: summaries.map((summary) => ({
      ...summary,
      excluded: leftOut.get(summary.role)?.get(summary.source) ?? 0,
    })),
    rowsRead: ofPrimary.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    rows: roles.find(({ role }) => role === primary)!.rowCount,
    rejected: ofPrimary.reduce((sum, { unreadable }) => sum + unreadable, 0),
    shardCount,
    excluded: excluded.byReason,
    suppressed: excluded.suppressed,
    merged: controls.merged,
    currency: roles.find(({ currency }) => currency !== undefined)?.currency ?? null,
    inputHash: digestOf({ roles: contentOf(extraction, roles, files), controls: controls.contents }),
    ...(sample && { sample }),
  }
}

/** Each customer once, whatever roles they occur in. */
async function countLeftOut(
  extraction: Extraction,
  roles: readonly PreparedRole[],
): Promise<{ readonly byReason: Readonly<Record<string, number>>; readonly suppressed: number }> {
  const queries = roles.flatMap(({ leftOutCustomers }) => (leftOutCustomers === undefined ? [] : [leftOutCustomers]))
  if (queries.length === 0) return { byReason: {}, suppressed: 0 }
  const rows = await extraction.session.rows(
    `SELECT reason, count(*) AS customers FROM (${queries.join(' UNION ')}) GROUP BY reason ORDER BY customers DESC, reason`,
  )
  const isSuppressed = (row: Readonly<Record<string, unknown>>): boolean => row.reason === IS_SUPPRESSED
  const counted = rows.filter((row) => !isSuppressed(row))
  const excluded: Record<string, number> = {}
  for (const [index, { reason, customers }] of counted.entries()) {
    const name = index < MAX_REASONS ? String(reason) : 'other reasons'
    excluded[name] = (excluded[name] ?? 0) + Number(customers)
  }
  return { byReason: excluded, suppressed: Number(rows.find(isSuppressed)?.customers ?? 0) }
}

function contentOf(
  extraction: Extraction,
  roles: readonly PreparedRole[],
  files: readonly ArtifactFile[],
): Readonly<Record<string, unknown>> {
  const { extract } = extraction.plan.definition.pipeline
  return Object.fromEntries(
    roles.map(({ role }) => {
      const ofRole = files.filter((file) => file.role === fileRoleOf(extract, role))
      return [role, addRowDigests(ofRole.flatMap(({ rows }) => (rows ? [rows] : [])))]
    }),
  )
}
