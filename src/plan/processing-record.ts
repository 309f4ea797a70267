import type { Pipeline } from './pipeline.ts'
import type { Project } from './project.ts'
import { sensitiveUses, type SensitiveUse } from './sensitive-columns.ts'
import { sourcesByRole } from '../stages/extract/config.ts'

/** What is processed of customers in one pipeline, for what, and where it goes: Article 30 (1) GDPR asks for it. JSON. */
export interface ProcessingRecord {
  readonly pipeline: string
  readonly description: string
  readonly owner: string
  /** Null: resegment.yaml has no `privacy`. */
  readonly purpose: string | null
  readonly legalBasis: string | null
  readonly contact: string
  /** What is read of customers: role, its sources, the columns that leave them. */
  readonly reads: readonly { readonly role: string; readonly source: string; readonly columns: readonly string[] }[]
  readonly sensitive: readonly SensitiveUse[]
  /** Lists that keep customers out before anything is computed. */
  readonly keptOutBy: readonly string[]
  readonly recipients: readonly { readonly target: string; readonly schema: string; readonly files: string | null }[]
  /** Share of the customers that no campaign may reach. */
  readonly holdoutShare: number
}

export function processingRecord(pipeline: Pipeline, project: Project): ProcessingRecord {
  const { privacy } = project
  const roles = sourcesByRole(pipeline.extract)
  const bucket = pipeline.publish.s3 === undefined ? null : bucketOf(project, pipeline.publish.s3)
  return {
    pipeline: pipeline.pipeline,
    description: pipeline.description,
    owner: pipeline.owner,
    purpose: privacy?.purpose ?? null,
    legalBasis: privacy?.legalBasis ?? null,
    contact: privacy?.contact || project.contact,
    reads: roles.flatMap(([role, names]) =>
      names.map((source) => {
        const { columns, lookups } = project.sources[source]!
        const lookedUp = lookups.flatMap((lookup) => lookup.columns)
        return { role, source, columns: [...new Set([...Object.keys(columns), ...lookedUp])] }
      }),
    ),
    sensitive: sensitiveUses(pipeline, project),
    keptOutBy: roles.flatMap(([role, names]) => (role === 'exclusions' || role === 'consent' ? names : [])),
    recipients: Object.entries(project.targets).map(([target, { schema, prefix }]) => ({
      target,
      schema,
      files: bucket === null ? null : `s3://${bucket}/${prefix}${pipeline.pipeline}/`,
    })),
    holdoutShare: pipeline.publish.holdout?.share ?? 0,
  }
}

function bucketOf(project: Project, connection: string): string | null {
  const found = project.connections[connection]
  return found && 's3' in found ? found.s3.bucket : null
}
