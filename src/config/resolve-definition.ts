import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { canonicalJson } from '../plan/digest.ts'
import type { Definition } from '../plan/definition.ts'
import { channelsOf } from '../plan/notify.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { sourcesByRole, type Source, type SourceLocation } from '../stages/extract/config.ts'
import { describeValue, suggestName } from './describe-value.ts'
import { inspectProject, loadPipeline } from './load-project.ts'
import type { LoadedPipeline, LoadedProject } from './load-project.ts'
import { refuse } from './problem-text.ts'

/** What one workflow argument may hold. */
const MAX_DEFINITION_BYTES = 64 * 1024

/**
 * A pipeline with all it refers to, for one target.
 *
 * @throws ConfigInvalid naming every problem
 */
export function resolveDefinition(request: {
  readonly project: LoadedProject
  readonly pipelineName: string
  readonly targetName: string
}): Definition {
  const { project, pipelineName, targetName } = request
  return joinDefinition(project, loadPipeline(project, pipelineName), targetName)
}

/** Reads project and pipeline at once, so that the problems of both are named together. @throws ConfigInvalid */
export function loadDefinition(folder: string, pipelineName: string, targetName: string): Definition {
  const { loaded, pipelines, problems } = inspectProject(folder, [pipelineName])
  const [pipeline] = pipelines
  if (!loaded || !pipeline) throw refuse(problems)
  return joinDefinition(loaded, pipeline, targetName)
}

/** @throws ConfigInvalid when there is no such target, or the definition is too large to travel */
export function joinDefinition(
  { project, folder }: LoadedProject,
  { pipeline, fileName }: LoadedPipeline,
  targetName: string,
): Definition {
  const target = project.targets[targetName]
  if (!target) {
    const names = Object.keys(project.targets)
    throw new ConfigInvalid(
      `There is no target ${describeValue(targetName)} in resegment.yaml; there is ${names.join(', ')}.`,
      suggestName(targetName, names) ?? 'Name one of them with --target, or add it under targets.',
    )
  }
  const ofRoles = sourcesByRole(pipeline.extract).flatMap(([, names]) => names)
  const lookedUp = ofRoles.flatMap((name) => project.sources[name]!.lookups.map((lookup) => lookup.source))
  const sources = Object.fromEntries(
    Object.entries(pick(project.sources, [...ofRoles, ...lookedUp])).map(([name, source]) => [
      name,
      withQueries(source, name, folder),
    ]),
  )
  const connections = pick(project.connections, [
    pipeline.publish.warehouse,
    ...(pipeline.publish.s3 === undefined ? [] : [pipeline.publish.s3]),
    ...Object.values(pipeline.activate ?? {}).flatMap((one) => (one.kind === 'webhook' ? [] : [one.connection])),
    ...Object.values(sources).flatMap(({ from }) =>
      [from].flat().flatMap(({ connection }) => (connection === undefined ? [] : [connection])),
    ),
  ])
  const channels = channelsOf(project.notify, pipeline.pipeline)
  const definition: Definition = {
    formatVersion: 1,
    targetName,
    target,
    connections,
    sources,
    pipeline,
    contact: project.contact,
    runbook: project.runbook,
    ...(channels.length > 0 && { notify: channels }),
    projectFolder: folder,
  }
  const bytes = Buffer.byteLength(canonicalJson(definition))
  if (bytes > MAX_DEFINITION_BYTES)
    throw new ConfigInvalid(
      `${fileName} with its sources is ${bytes.toLocaleString('en')} bytes; a definition may have ${MAX_DEFINITION_BYTES.toLocaleString('en')}.`,
      'Put long queries and expressions into views of the source database, and read those.',
    )
  return definition
}

/** A definition holds queries themselves: a worker on another machine has no files of the project. */
function withQueries(source: Source, name: string, folder: string): Source {
  const read = (place: SourceLocation): SourceLocation => {
    if (!('queryFile' in place)) return place
    const path = resolve(folder, place.queryFile)
    try {
      return { connection: place.connection, query: readFileSync(path, 'utf8').trim() }
    } catch (cause) {
      throw new ConfigInvalid(
        `The query file of source ${name} cannot be read: ${place.queryFile}, looked for as ${path}.`,
        `Correct sources.${name}.from.queryFile; it is relative to the project folder.`,
        { cause },
      )
    }
  }
  return { ...source, from: Array.isArray(source.from) ? source.from.map(read) : read(source.from) }
}

function pick<T>(values: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, values[name]!]))
}
