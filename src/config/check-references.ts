import type { Pipeline } from '../plan/pipeline.ts'
import type { Project } from '../plan/project.ts'
import { checkActivation } from './check-activation.ts'
import { checkConnection } from './check-connection.ts'
import { describeValue, quote } from './describe-value.ts'
import { checkNotify } from './check-notify.ts'
import { checkRoles, checkSources } from './check-sources.ts'
import type { Finding } from './yaml-file.ts'

/** Names of other parts of the project that `resegment.yaml` uses. @param pipelineNames of all files in `pipelines/` */
export function checkProjectReferences(project: Project, pipelineNames: readonly string[]): readonly Finding[] {
  return [
    ...checkSources(project, (kind, name, path) => checkConnection(project, kind, name, path)),
    ...(project.targets.dev
      ? []
      : [
          { path: ['targets'], ofKey: true, came: describeValue(project.targets), wanted: 'a target dev, the default' },
        ]),
    ...checkTargetsApart(project),
    ...checkNotify(project, pipelineNames),
  ]
}

/** Names of sources and connections that a pipeline uses. */
export function checkPipelineReferences(pipeline: Pipeline, project: Project): readonly Finding[] {
  return [
    ...checkRoles(pipeline, project),
    ...checkConnection(project, 'postgres', pipeline.publish.warehouse, ['publish', 'warehouse']),
    ...(pipeline.publish.s3 === undefined
      ? []
      : checkConnection(project, 's3', pipeline.publish.s3, ['publish', 's3'])),
    ...checkActivation(pipeline, project),
  ]
}

/** Two targets that share a schema or a prefix would publish over each other. */
function checkTargetsApart({ targets }: Project): readonly Finding[] {
  const entries = Object.entries(targets)
  return entries.flatMap(([name, target], index) =>
    entries
      .slice(0, index)
      .flatMap(([other, { schema, prefix }]) => [
        ...(schema === target.schema ? [sharedBy('schema', name, other, schema)] : []),
        ...(prefix === target.prefix ? [sharedBy('prefix', name, other, prefix)] : []),
      ]),
  )
}

function sharedBy(key: 'schema' | 'prefix', name: string, other: string, value: string): Finding {
  return {
    path: ['targets', name, key],
    came: `${quote(value)}, which is also that of target ${other}`,
    wanted: `another ${key}, so that ${name} and ${other} cannot publish over each other`,
  }
}
