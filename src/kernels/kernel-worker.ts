import { silhouetteWidths } from '../stats/silhouette.ts'
import type { Calculations } from '../ports/calculations.ts'
import type { Matrix, Placement } from '../ports/kernel-pool.ts'
import { calculations } from './calculations.ts'
import { fitFast, helpFit } from './fast-fit.ts'
import { fitKMeans } from './fit-kmeans.ts'
import type { FitTask, FittedCentres } from './fit-kmeans.ts'
import { packRows, surveyRows } from './packed-rows.ts'
import type { PackedSpace, Survey } from './packed-rows.ts'
import { placeRows } from './place-rows.ts'
import { resample } from './resample.ts'
import { sumByLabel } from './sum-by-label.ts'
import type { LabelSums } from './sum-by-label.ts'
import type { SharedMemory } from './web-assembly.ts'

export interface PlaceTask {
  readonly values: Float64Array
  readonly dimensions: number
  readonly centres: Float64Array
  readonly placement: Placement
  readonly weights: Float64Array | undefined
  readonly start: number
  readonly end: number
}

export interface SilhouetteTask {
  readonly values: Float64Array
  readonly dimensions: number
  readonly partitions: readonly { readonly labels: Int32Array; readonly clusterCount: number }[]
  readonly start: number
  readonly end: number
}

export interface CalculateTask {
  readonly name: keyof Calculations
  readonly input: readonly unknown[]
}

export interface SurveyTask {
  readonly matrix: Matrix
  readonly start: number
  readonly end: number
}

export interface PackTask extends SurveyTask {
  readonly memory: SharedMemory
  readonly space: PackedSpace
}

export interface SumTask extends SurveyTask {
  readonly labels: Int32Array
  readonly weights: Float64Array | undefined
  readonly clusterCount: number
}

// The functions a thread of the pool runs by name; arrays over shared memory are not copied.

export { fitFast, helpFit, resample }

export function calculate({ name, input }: CalculateTask): unknown {
  return (calculations[name] as (...given: readonly unknown[]) => unknown)(...input)
}

export function kmeans(task: FitTask): FittedCentres {
  return fitKMeans(task)
}

/** @returns the sum of the squared distances */
export function place({ values, dimensions, centres, placement, start, end, weights }: PlaceTask): number {
  return placeRows(values, dimensions, centres, placement, start, end, weights)
}

export function silhouette(task: SilhouetteTask): readonly Float64Array[] {
  return silhouetteWidths(task.values, task.dimensions, task.partitions, task.start, task.end)
}

export function survey({ matrix, start, end }: SurveyTask): Survey {
  return surveyRows(matrix, start, end)
}

/** @returns the sum of the squared packed values */
export function pack({ matrix, memory, space, start, end }: PackTask): number {
  return packRows(matrix, memory, space, start, end)
}

export function sum({ matrix, labels, weights, clusterCount, start, end }: SumTask): LabelSums {
  return sumByLabel(matrix, labels, weights, clusterCount, start, end)
}
