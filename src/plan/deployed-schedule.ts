import type { RunKind } from '../run/run-kind.ts'
import type { Definition } from './definition.ts'
import type { TimedPipeline } from './period.ts'
import type { Pipeline } from './pipeline.ts'

/** The parts of a schedule in Temporal that we decide, each as text: what is compared. */
export type ScheduleFacts = Readonly<Record<string, string>>

/** What a schedule is for: runs of a pipeline, or chores. */
export type SchedulePurpose = RunKind | 'watch' | 'sweep'

/** A schedule as it was deployed last, kept beside the published tables: what has to run is told from it, whatever became of Temporal's. */
export interface DeployedSchedule {
  readonly scheduleId: string
  /** Null: of the whole target. */
  readonly pipeline: string | null
  readonly purpose: SchedulePurpose
  /** Decides which runs are expected. Null: none are. */
  readonly timed: TimedPipeline | null
  readonly facts: ScheduleFacts
}

/** Where the tables of a pipeline are, and nothing else of its definition. */
export interface WarehousePlace extends Pick<Definition, 'connections' | 'target'> {
  readonly pipeline: { readonly publish: Pick<Pipeline['publish'], 'warehouse'> }
}

export function warehousePlaceOf({ connections, target, pipeline }: Definition): WarehousePlace {
  const { warehouse } = pipeline.publish
  return { connections: { [warehouse]: connections[warehouse]! }, target, pipeline: { publish: { warehouse } } }
}

/** The places of several pipelines, each once. */
export function warehousePlacesOf(definitions: readonly Definition[]): readonly WarehousePlace[] {
  return [...new Map(definitions.map(warehousePlaceOf).map((place) => [JSON.stringify(place), place])).values()]
}
