import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { ConfigProblem } from '../errors/config-invalid.ts'
import { pipelineConfig } from '../plan/pipeline.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import { projectConfig } from '../plan/project.ts'
import type { Project } from '../plan/project.ts'
import { checkPipeline } from './check-pipeline.ts'
import { checkPipelineReferences, checkProjectReferences } from './check-references.ts'
import { findLookAhead } from './check-sources.ts'
import { findNamedCustomers } from './named-customers.ts'
import { findUnknownKpis } from './unknown-kpis.ts'
import { suggestName } from './describe-value.ts'
import { explainIssues } from './explain-issues.ts'
import { pipelineSchema, projectSchema } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { refuse } from './problem-text.ts'
import { findWrittenSecrets } from './written-secrets.ts'
import { readYaml } from './yaml-file.ts'
import type { Finding, YamlFile } from './yaml-file.ts'

const PROJECT_FILE = 'resegment.yaml'
const PIPELINE_FOLDER = 'pipelines'

export interface LoadedProject {
  /** Absolute. */
  readonly folder: string
  readonly project: Project
  /** Of all files in `pipelines/`, sorted; the files themselves were not read. */
  readonly pipelineNames: readonly string[]
}

export interface LoadedPipeline {
  readonly name: string
  /** Relative to the project folder. */
  readonly fileName: string
  readonly pipeline: Pipeline
}

/** What could be read of a project and everything that is wrong with it. */
export interface Inspection {
  /** Absent when `resegment.yaml` has problems. */
  readonly loaded: LoadedProject | undefined
  readonly pipelines: readonly LoadedPipeline[]
  readonly problems: readonly ConfigProblem[]
  /** What runs all the same, and people should know of. */
  readonly warnings: readonly ConfigProblem[]
}

/** @throws ConfigInvalid naming every problem of `resegment.yaml` */
export function loadProject(folder: string): LoadedProject {
  const { loaded, problems } = inspectProject(folder, [])
  if (!loaded) throw refuse(problems)
  return loaded
}

/** @throws ConfigInvalid naming every problem of the pipeline */
export function loadPipeline(loaded: LoadedProject, name: string): LoadedPipeline {
  const { value, problems } = readPipeline(loaded.folder, name, loaded.pipelineNames, loaded.project)
  if (!value) throw refuse(problems)
  return { name, fileName: pipelineFile(name), pipeline: value }
}

/**
 * Reads `resegment.yaml` and pipelines, and goes on after the first problem.
 *
 * @param names of the pipelines to read; all when absent
 * @throws ConfigInvalid when the folder is no project at all
 */
export function inspectProject(folder: string, names?: readonly string[]): Inspection {
  const root = absolute(folder)
  const pipelineNames = listPipelines(root)
  const file = readChecked<Project>(root, PROJECT_FILE, projectConfig, projectSchema)
  const project = file.value
  const findings = project ? checkProjectReferences(project, pipelineNames) : []
  const ownProblems = [...file.problems, ...inOrder(file.yaml, findings)]
  const pipelines = (names ?? pipelineNames).map((name) => ({
    name,
    fileName: pipelineFile(name),
    ...readPipeline(root, name, pipelineNames, project),
  }))
  return {
    loaded: project && ownProblems.length === 0 ? { folder: root, project, pipelineNames } : undefined,
    pipelines: pipelines.flatMap(({ name, fileName, value }) => (value ? [{ name, fileName, pipeline: value }] : [])),
    problems: [...ownProblems, ...pipelines.flatMap(({ problems }) => problems)],
    warnings: pipelines.flatMap(({ warnings = [] }) => warnings),
  }
}

interface ReadFile<T> {
  readonly yaml: YamlFile
  /** Absent when there are problems. */
  readonly value: T | undefined
  readonly problems: readonly ConfigProblem[]
}

/** Checks against the project only when there is one that could be read. */
function readPipeline(
  root: string,
  name: string,
  pipelineNames: readonly string[],
  project: Project | undefined,
): { value: Pipeline | undefined; problems: readonly ConfigProblem[]; warnings?: readonly ConfigProblem[] } {
  if (!pipelineNames.includes(name)) return { value: undefined, problems: [missingPipeline(name, pipelineNames)] }
  const file = readChecked<Pipeline>(root, pipelineFile(name), pipelineConfig, pipelineSchema)
  if (!file.value || !project) return file
  const problems = inOrder(file.yaml, [
    ...checkPipeline(name, file.value, project),
    ...checkPipelineReferences(file.value, project),
  ])
  const warnings = inOrder(file.yaml, [
    ...findLookAhead(file.value, project),
    ...findNamedCustomers(file.value),
    ...findUnknownKpis(file.value),
  ])
  return { value: problems.length > 0 ? undefined : file.value, problems, warnings }
}

/** A YAML file against what it should be, with everything that is wrong with it. */
export function readChecked<T>(root: string, fileName: string, config: z.ZodType<T>, schema: JsonSchema): ReadFile<T> {
  const yaml = readYaml(fileName, readFileSync(join(root, fileName), 'utf8'))
  if (yaml.syntaxProblems.length > 0) return { yaml, value: undefined, problems: yaml.syntaxProblems }
  const secrets = findWrittenSecrets(yaml.value)
  const checked = config.safeParse(yaml.value)
  const explained = checked.success ? [] : explainIssues(schema, yaml.value, checked.error.issues)
  const others = explained.filter((finding) => !secrets.some((secret) => isSamePlace(secret, finding)))
  const problems = inOrder(yaml, [...secrets, ...others])
  return { yaml, value: problems.length === 0 ? checked.data : undefined, problems }
}

/** As a reader meets them in the file. */
function inOrder(yaml: YamlFile, findings: readonly Finding[]): readonly ConfigProblem[] {
  return findings.map((finding) => yaml.problem(finding)).sort((a, b) => a.line - b.line || a.column - b.column)
}

function isSamePlace(a: Finding, b: Finding): boolean {
  return a.path.join('\n') === b.path.join('\n')
}

function missingPipeline(name: string, known: readonly string[]): ConfigProblem {
  return {
    file: pipelineFile(name),
    line: 1,
    column: 1,
    key: '',
    came: 'no such file',
    wanted: known.length === 0 ? 'a pipeline; there is none yet' : `one of the pipelines ${known.join(', ')}`,
    hint: suggestName(name, known),
  }
}

function pipelineFile(name: string): string {
  return `${PIPELINE_FOLDER}/${name}.yaml`
}

function absolute(folder: string): string {
  try {
    const root = realpathSync(folder)
    if (readdirSync(root).includes(PROJECT_FILE)) return root
  } catch (cause) {
    throw new ConfigInvalid(
      `The project folder ${folder} cannot be read.`,
      `Name a folder that holds a ${PROJECT_FILE}: --project DIR.`,
      { cause },
    )
  }
  throw new ConfigInvalid(
    `There is no ${PROJECT_FILE} in ${folder}.`,
    `Change to the folder of the project, or name it: --project DIR.`,
  )
}

function listPipelines(root: string): readonly string[] {
  try {
    return readdirSync(join(root, PIPELINE_FOLDER))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => basename(file, '.yaml'))
      .sort()
  } catch {
    // No folder: no pipelines, and naming one says so.
    return []
  }
}
