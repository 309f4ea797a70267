import type { Pipeline } from '../plan/pipeline.ts'
import { mappedColumns } from '../plan/mapped-columns.ts'
import type { Project } from '../plan/project.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import { suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** Features against the catalogue and against what the sources map; a schema sees neither. */
export function checkFeatures({ extract, features }: Pipeline, { sources }: Project): readonly Finding[] {
  return findProblems(features, mappedColumns(extract, sources)).map(({ path, came, wanted, hint, unknown }) => ({
    path: ['features', ...path],
    ofKey: typeof path.at(-1) === 'string' && !isValue(path),
    came,
    wanted,
    hint: unknown ? suggestName(unknown.name, unknown.among) : (hint ?? null),
  }))
}

/** How many features a sound pipeline asks for: an entry may be several. */
export function countFeatures({ features }: Pipeline): number {
  return resolveFeatures(features).length
}

/** Settings whose value is wrong, not their being there. */
function isValue(path: readonly (string | number)[]): boolean {
  return ['transform', 'winsorise', 'window'].includes(String(path.at(-1)))
}
