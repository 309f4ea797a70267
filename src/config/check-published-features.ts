import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { sensitiveUses } from '../plan/sensitive-columns.ts'
import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { checkFeatures } from './check-features.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/**
 * Consumers are shown features of the pipeline, each once. One that is made of a sensitive column is shown only where it is named: the
 * reason under `sensitive` says why segments may be formed by it, not that everybody may read it.
 */
export function checkPublishedFeatures(pipeline: Pipeline, project: Project): readonly Finding[] {
  const { features: shown } = pipeline.publish
  // What there is to show is not known before the features are sound.
  if (shown === undefined || checkFeatures(pipeline, project).length > 0) return []
  const names = resolveFeatures(pipeline.features).map(({ column }) => column)
  if (shown === 'all') {
    const uses = sensitiveUses(pipeline, project)
    if (uses.length === 0) return []
    const made = [...new Set(uses.map(({ feature, column }) => `${feature} of column ${quote(column)}`))]
    return [
      {
        path: ['publish', 'features'],
        came: `all, with ${made.join(', ')}, which privacy.sensitive of resegment.yaml names`,
        wanted: `a list of names, with these among them only if consumers may read them: ${names.join(', ')}`,
      },
    ]
  }
  return shown.flatMap((name, index) => {
    const path = ['publish', 'features', index]
    if (!names.includes(name))
      return [
        {
          path,
          came: quote(name),
          wanted: listNames('a feature of the pipeline', names),
          hint: suggestName(name, names),
        },
      ]
    return shown.indexOf(name) < index ? [{ path, came: `${quote(name)} again`, wanted: 'each feature once' }] : []
  })
}
