import type { Environment } from '../config/environment.ts'
import { inspectProject } from '../config/load-project.ts'
import type { PipelineStanding } from '../ports/warehouse-reader.ts'
import { openWarehouseReader } from '../wiring/warehouse.ts'
import type { CommandContext } from './command-context.ts'
import { soundDefinitions, warehousesOf } from './find-definition.ts'

export interface OpenStandings {
  read(): Promise<readonly PipelineStanding[]>
  close(): Promise<void>
}

/** How all pipelines of the project's target stand, in all its warehouses. Pipelines that are not sound are none of a worker's trouble. */
export function openStandings({ projectFolder, targetName }: CommandContext, environment: Environment): OpenStandings {
  const definitions = soundDefinitions(inspectProject(projectFolder), targetName)
  const readers = warehousesOf(definitions).map((address) => openWarehouseReader(environment, address))
  return {
    read: async () => (await Promise.all(readers.map((reader) => reader.standings()))).flat(),
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()))
    },
  }
}
