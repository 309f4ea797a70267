import { relative, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import { type Pipeline, pipelineConfig } from '../plan/pipeline.ts'
import { clusterConfig, type MethodName } from '../stages/cluster/config.ts'
import { checkPipeline } from './check-pipeline.ts'
import { checkPipelineReferences } from './check-references.ts'
import { pipelineSchema } from './json-schema.ts'
import { loadPipeline, loadProject, readChecked } from './load-project.ts'
import { refuse } from './problem-text.ts'
import { joinDefinition } from './resolve-definition.ts'

/** What `cluster.method` may be. */
export const methodNames = [
  ...(['kmeans', 'hierarchy', 'mixed', 'mixture', 'predictive', 'rfm', 'rules', 'tiers', 'hybrid'] as const),
] satisfies readonly MethodName[]

/** Another way to segment the customers of a pipeline. */
export interface Variant {
  /** What people call it: the method, or the file. */
  readonly name: string
  readonly definition: Definition
}

interface Base {
  readonly folder: string
  readonly pipeline: string
  readonly targetName: string
}

/** The pipeline as it is written. @throws ConfigInvalid */
export function variantAsWritten(base: Base): Variant {
  const loaded = loadProject(base.folder)
  return toVariant(base, 'as written', loadPipeline(loaded, base.pipeline).pipeline)
}

/** The pipeline with another method, by the defaults of that. @throws ConfigInvalid when it has none for what it needs */
export function variantOfMethod(base: Base, method: MethodName): Variant {
  const loaded = loadProject(base.folder)
  const { pipeline, fileName } = loadPipeline(loaded, base.pipeline)
  const parsed = clusterConfig.safeParse({ method })
  const changed = parsed.success && { ...pipeline, cluster: parsed.data }
  const findings = changed ? checkPipeline(base.pipeline, changed, loaded.project) : []
  if (changed && findings.length === 0) return toVariant(base, method, changed)
  const [issue] = parsed.success ? [] : parsed.error.issues
  const what = issue
    ? `cluster.${issue.path.join('.')}: ${issue.message}`
    : findings.map(({ path, came, wanted }) => `${path.join('.')}: came ${came}, wanted ${wanted}`).join('; ')
  throw new ConfigInvalid(
    `${fileName} cannot be tried with method ${method} and its defaults: ${what}.`,
    'Write a pipeline file that says what the method needs, and name it with --definitions.',
  )
}

/**
 * The pipeline as another file says: read as `pipelines/*.yaml` are, whatever name it gives itself.
 *
 * @param file relative to where the command is called
 * @throws ConfigInvalid
 */
export function variantOfFile(base: Base, file: string): Variant {
  const { project, folder } = loadProject(base.folder)
  if (!existsSync(file))
    throw new ConfigInvalid(
      `There is no definition ${file}, looked for as ${resolve(file)}.`,
      'Name pipeline files with --definitions.',
    )
  const read = readChecked<Pipeline>(folder, relative(folder, resolve(file)), pipelineConfig, pipelineSchema)
  if (!read.value) throw refuse(read.problems)
  const findings = [
    ...checkPipeline(read.value.pipeline, read.value, project),
    ...checkPipelineReferences(read.value, project),
  ]
  if (findings.length > 0) throw refuse(findings.map((finding) => read.yaml.problem(finding)))
  return toVariant(base, file, read.value)
}

/** What people say of segments that are live, by name or by customer, and who is told of them, is of no other segments. */
function toVariant({ folder, pipeline: name, targetName }: Base, variant: string, written: Pipeline): Variant {
  const { overrides: _customers, activate: _destinations, ...pipeline } = written
  const plain = { ...pipeline, pipeline: name, segments: {} }
  const { notify: _channels, ...definition } = joinDefinition(
    loadProject(folder),
    { name, fileName: variant, pipeline: plain },
    targetName,
  )
  return { name: variant, definition }
}
