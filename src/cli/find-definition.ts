import { inspectProject, type Inspection, loadProject } from '../config/load-project.ts'
import { refuse } from '../config/problem-text.ts'
import { joinDefinition, loadDefinition } from '../config/resolve-definition.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import type { Definition } from '../plan/definition.ts'
import type { Target } from '../plan/project.ts'
import { retentionDays } from '../plan/retention-days.ts'
import { parseDryRunId } from '../run/dry-run-id.ts'
import { parseRunId } from '../run/run-key.ts'
import type { RetentionDays } from '../run/sweep-plan.ts'
import { findPostgres } from '../wiring/find-connection.ts'
import type { WarehouseAddress } from '../wiring/warehouse.ts'
import type { CommandContext } from './command-context.ts'

/** @throws ConfigInvalid */
export function definitionOf({ projectFolder, targetName }: CommandContext, pipelineName: string): Definition {
  return loadDefinition(projectFolder, pipelineName, targetName)
}

/** Definitions of every pipeline of the project. @throws ConfigInvalid naming all problems */
export function allDefinitions({
  projectFolder,
  targetName,
}: Pick<CommandContext, 'projectFolder' | 'targetName'>): readonly Definition[] {
  const inspection = inspectProject(projectFolder)
  if (!inspection.loaded || inspection.problems.length > 0) throw refuse(inspection.problems)
  return soundDefinitions(inspection, targetName)
}

/** Those of the pipelines that could be read, whatever is wrong with others. */
export function soundDefinitions({ loaded, pipelines }: Inspection, targetName: string): readonly Definition[] {
  return loaded ? pipelines.map((pipeline) => joinDefinition(loaded, pipeline, targetName)) : []
}

/** @throws ConfigInvalid, WrongUsage */
export function targetOf({ projectFolder, targetName }: CommandContext): Target {
  const { targets } = loadProject(projectFolder).project
  const target = targets[targetName]
  if (!target)
    throw new WrongUsage(
      `There is no target ${targetName}; resegment.yaml has ${Object.keys(targets).join(', ')}.`,
      'Name one of them with --target.',
    )
  return target
}

/** A run as people name it, with the definition of its pipeline. */
export interface NamedRun {
  /** `shop@2026-10-01`, with `~2` when a revision was given. */
  readonly text: string
  readonly runKey: string
  /** Absent: the newest. */
  readonly revision: number | undefined
  /** Only Temporal knows it: a dry run leaves nothing in the warehouse. */
  readonly isDry: boolean
  readonly definition: Definition
}

/**
 * Reads `shop@2026-10-01`, `shop@2026-10-01~2`, `shop@2026-10-01~2-dry`, and Workflow Ids as `dev/shop@2026-10-01~2`.
 *
 * @throws WrongUsage, ConfigInvalid
 */
export function namedRun(context: CommandContext, text: string): NamedRun {
  const prefix = `${context.targetName}/`
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text
  const dry = parseDryRunId(name)
  const run = dry ?? parseRunId(name)
  if (!run)
    throw new WrongUsage(
      `"${text}" names no run of target ${context.targetName}.`,
      'Name it as `resegment runs` shows it: shop@2026-10-01, or shop@2026-10-01~2 for a revision; a dry run has -dry behind its revision.',
    )
  const { runKey, revision, pipeline } = run
  return { text: name, runKey, revision, isDry: dry !== undefined, definition: definitionOf(context, pipeline) }
}

export function warehouseOf({ connections, pipeline, target }: Definition): WarehouseAddress {
  return { secret: findPostgres(connections, pipeline.publish.warehouse), schema: target.schema }
}

/** The warehouses of several pipelines, each once. */
export function warehousesOf(definitions: readonly Definition[]): readonly WarehouseAddress[] {
  return [...new Map(definitions.map(warehouseOf).map((address) => [JSON.stringify(address), address])).values()]
}

/** How long the project keeps what no consumer reads. @throws ConfigInvalid */
export function retentionOf({ projectFolder }: CommandContext): RetentionDays {
  return retentionDays(loadProject(projectFolder).project.retention)
}
