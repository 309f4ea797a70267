import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { sensitiveUses } from '../plan/sensitive-columns.ts'
import { listNames, quote, suggestName } from './describe-value.ts'
import { checkFeatures } from './check-features.ts'
import type { Finding } from './yaml-file.ts'

/** No segment is formed by a sensitive column unless the pipeline says why; and no reason stands there for nothing. */
export function checkSensitive(pipeline: Pipeline, project: Project): readonly Finding[] {
  // What its features read is not known before they are sound.
  if (checkFeatures(pipeline, project).length > 0) return []
  const uses = sensitiveUses(pipeline, project)
  const refused = [...new Set(uses.flatMap(({ column, reason }) => (reason === null ? [column] : [])))]
  const listed = project.privacy?.sensitive ?? []
  return [
    ...refused.map((column) => {
      const features = uses.filter((use) => use.column === column).map(({ feature }) => feature)
      return {
        path: ['features'],
        ofKey: true,
        came: `${[...new Set(features)].join(', ')} of column ${quote(column)}, which privacy.sensitive of resegment.yaml names`,
        wanted: `features of other columns, or the reason: \`sensitive: { ${column}: why segments may be formed by it }\``,
      }
    }),
    ...Object.keys(pipeline.sensitive).flatMap((column) =>
      listed.includes(column)
        ? []
        : [
            {
              path: ['sensitive', column],
              ofKey: true,
              came: quote(column),
              wanted: listNames('a column under privacy.sensitive of resegment.yaml', listed),
              hint: suggestName(column, listed),
            },
          ],
    ),
  ]
}
