import { rowContentOf } from './artifact-content.ts'
import { addRowDigests, type Manifest } from '../run/artifact.ts'
import { carriedRoles } from '../run/data-roles.ts'
import type { ExtractSummary, SourceSummary } from '../stages/extract/extract-summary.ts'
import { fileRoleOf } from '../stages/extract/config.ts'
import type { PlannedVerification } from './verify-activities.ts'

/**
 * Which sources have other rows today, as sentences; none: they have what the run read.
 *
 * @param before null: what the run read is not kept, only its fingerprint
 */
export function findInputChanges(
  { plan, raw, rawHash, erased }: Pick<PlannedVerification, 'plan' | 'raw' | 'rawHash' | 'erased'>,
  { before, now }: { readonly before: Manifest | null; readonly now: Manifest },
): readonly string[] {
  const found = now.summary as unknown as ExtractSummary
  if (!before) {
    if (found.inputHash === rawHash) return []
    const names = [...new Set(found.sources.map(({ source }) => source))].join(', ')
    return [
      `What the run read is not kept any more, and ${names} ${names.includes(',') ? 'have' : 'has'} other rows now: fingerprint ${found.inputHash}, recorded ${rawHash ?? 'nowhere'}.`,
    ]
  }
  if (now.contentDigest === raw!.contentDigest) return []
  // Who was erased is not read any more, and counted in what was recorded.
  if (erased > 0 && rowContentOf(now.files) === rowContentOf(before.files)) return []
  const recorded = (before.summary as unknown as ExtractSummary).sources
  const { extract } = plan.definition.pipeline
  const changed = found.sources.flatMap((source) => {
    const then = recorded.find((one) => one.source === source.source && one.role === source.role)
    const role = carriedRoles.find((one) => one === source.role)
    const isOfSameRows = !role || rowsOf(before, fileRoleOf(extract, role)) === rowsOf(now, fileRoleOf(extract, role))
    if (then && isSame(then, source) && isOfSameRows) return []
    return [`Source ${source.source} (${source.role}) has other content now: ${describe(source, then)}.`]
  })
  return changed.length > 0 ? changed : ['The sources have other content now.']
}

function isSame(a: SourceSummary, b: SourceSummary): boolean {
  return a.rowsRead === b.rowsRead && a.rowsBeforeAsOf === b.rowsBeforeAsOf && a.newest === b.newest
}

function describe(now: SourceSummary, then: SourceSummary | undefined): string {
  if (!then) return 'the run did not read it'
  if (now.rowsBeforeAsOf !== then.rowsBeforeAsOf)
    return `${now.rowsBeforeAsOf} rows before the as-of, ${then.rowsBeforeAsOf} when the run read it`
  return `${now.rowsBeforeAsOf} rows before the as-of as then, with other values`
}

function rowsOf({ files }: Manifest, role: string): string {
  const digests = files.flatMap((file) => (file.role === role && file.rows ? [file.rows] : []))
  return JSON.stringify(addRowDigests(digests))
}
