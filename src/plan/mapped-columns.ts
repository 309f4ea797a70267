import { sourcesByRole } from '../stages/extract/config.ts'
import type { ExtractConfig, Source } from '../stages/extract/config.ts'
import { dataRoles, roles } from '../run/data-roles.ts'
import type { DataRole } from '../run/data-roles.ts'
import type { MappedColumns } from '../stages/features/check-requests.ts'

/** Columns of each role that a pipeline reads: required ones, those its sources map, and those lookups fill in. */
export function mappedColumns(extract: ExtractConfig, sources: Readonly<Record<string, Source>>): MappedColumns {
  const read = sourcesByRole(extract).filter(([role]) => (dataRoles as readonly string[]).includes(role))
  return Object.fromEntries(
    read.map(([role, names]) => {
      const mapped = names.flatMap((name) => {
        const source = sources[name]
        if (!source) return []
        return [...Object.keys(source.columns), ...source.lookups.flatMap(({ columns }) => columns)]
      })
      return [role as DataRole, [...new Set([...roles[role].required, ...mapped])]]
    }),
  )
}
