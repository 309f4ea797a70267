import { silhouetteWidths } from '../stats/silhouette.ts'
import type { Placement } from '../ports/kernel-pool.ts'
import { fitKMeans } from './fit-kmeans.ts'
import type { FitTask, FittedCentres } from './fit-kmeans.ts'
import { placeRows } from './place-rows.ts'

export interface PlaceTask {
  readonly values: Float64Array
  readonly dimensions: number
  readonly centres: Float64Array
  readonly placement: Placement
  readonly start: number
  readonly end: number
}

export interface SilhouetteTask {
  readonly values: Float64Array
  readonly dimensions: number
  readonly labels: Int32Array
  readonly clusterCount: number
  readonly start: number
  readonly end: number
}

/** The functions a thread of the pool runs by name; arrays over SharedArrayBuffers are not copied. */
export function kmeans(task: FitTask): FittedCentres {
  return fitKMeans(task)
}

export function place(task: PlaceTask): void {
  placeRows(task.values, task.dimensions, task.centres, task.placement, task.start, task.end)
}

export function silhouette(task: SilhouetteTask): Float64Array {
  return silhouetteWidths(task.values, task.dimensions, task.labels, task.clusterCount, task.start, task.end)
}
