import { sourcesByRole } from '../stages/extract/config.ts'
import type { ColumnExpression, Source } from '../stages/extract/config.ts'
import { columnsRead } from '../stages/features/columns-read.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { mappedColumns } from './mapped-columns.ts'
import type { Pipeline } from './pipeline.ts'
import type { Project } from './project.ts'

/** A feature that is made of a column which the project calls sensitive. */
export interface SensitiveUse {
  /** Name of the feature's column. */
  readonly feature: string
  /** As `privacy.sensitive` names it. */
  readonly column: string
  /** Why it may be, as the pipeline says; null: it does not say. */
  readonly reason: string | null
}

/**
 * Features that read sensitive columns, also where a source gives such a column another name or calculates with it.
 *
 * @param pipeline whose features are sound
 */
export function sensitiveUses(pipeline: Pipeline, project: Project): readonly SensitiveUse[] {
  const listed = project.privacy?.sensitive ?? []
  if (listed.length === 0) return []
  const mapped = mappedColumns(pipeline.extract, project.sources)
  const names = namesOf(listed, sourcesOf(pipeline, project))
  return resolveFeatures(pipeline.features, mapped).flatMap((spec) => {
    const read = columnsRead(spec, [...names.keys()], mapped)
    const columns = [...new Set(read.flatMap((name) => names.get(name)!))]
    return columns.map((column) => ({ feature: spec.column, column, reason: pipeline.sensitive[column] ?? null }))
  })
}

/** Sources of a pipeline, those that it looks columns up in among them. */
export function sourcesOf({ extract }: Pipeline, { sources }: Project): readonly Source[] {
  const ofRoles = sourcesByRole(extract).flatMap(([, names]) => names)
  const lookedUp = ofRoles.flatMap((name) => sources[name]?.lookups.map((lookup) => lookup.source) ?? [])
  return [...new Set([...ofRoles, ...lookedUp])].flatMap((name) => sources[name] ?? [])
}

/** Canonical column → sensitive columns that it is, or is made of. */
function namesOf(listed: readonly string[], sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>(listed.map((column) => [column, [column]]))
  for (const { columns } of sources)
    for (const [name, expression] of Object.entries(columns)) {
      const made = listed.filter((column) => mentions(expression, column))
      if (made.length > 0) names.set(name, [...new Set([...(names.get(name) ?? []), ...made])])
    }
  return names
}

function mentions(expression: ColumnExpression, column: string): boolean {
  if (typeof expression === 'string') return expression === column
  if ('column' in expression) return expression.column === column
  return new RegExp(`(?<![\\w])${column.replace(/[^\w]/g, '\\$&')}(?![\\w])`).test(expression.sql)
}
