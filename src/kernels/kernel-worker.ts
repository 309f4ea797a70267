import type { Calculations } from '../ports/calculations.ts'
import type { Matrix, Placement } from '../ports/kernel-pool.ts'
import { fitFast, helpFit } from './fast-fit.ts'
import type { RowsToPlace } from './find-nearest.ts'
import type { FitTask, FittedCentres } from './fit-kmeans.ts'
import { packRows, surveyRows } from './packed-rows.ts'
import type { PackedSpace, Survey } from './packed-rows.ts'
import { placeFast, relabelFast } from './place-fast.ts'
import type { Relabelled } from './place-fast.ts'
import { placeRows } from './place-rows.ts'
import type { Resampled, ResampleTask } from './resample.ts'
import { sumByLabel } from './sum-by-label.ts'
import type { LabelSums } from './sum-by-label.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

export interface PlaceTask extends RowsToPlace {
  /** Undefined: without the fast kernel. */
  readonly kernel: CompiledModule | undefined
  readonly placement: Placement
}

export interface RelabelTask extends RowsToPlace {
  readonly kernel: CompiledModule
  readonly labels: Int32Array
  readonly weights: Float64Array | undefined
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
  readonly kernel: CompiledModule
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

// The functions a thread of the pool runs by name; arrays over shared memory are not copied. What k-means and placing do not need is loaded
// when it is first called: it would more than double the time in which a thread starts.

export { fitFast, helpFit }

export async function calculate({ name, input }: CalculateTask): Promise<unknown> {
  const { calculations } = await import('./calculations.ts')
  return (calculations[name] as (...given: readonly unknown[]) => unknown)(...input)
}

export async function resample(task: ResampleTask): Promise<Resampled> {
  return (await import('./resample.ts')).resample(task)
}

export async function kmeans(task: FitTask): Promise<FittedCentres> {
  return (await import('./fit-kmeans.ts')).fitKMeans(task)
}

export async function silhouette(task: SilhouetteTask): Promise<readonly Float64Array[]> {
  const { silhouetteWidths } = await import('../stats/silhouette.ts')
  return silhouetteWidths(task.values, task.dimensions, task.partitions, task.start, task.end)
}

export function place({ kernel, placement, ...rows }: PlaceTask): void {
  if (kernel) placeFast(kernel, rows, placement)
  else placeRows(rows.values, rows.dimensions, rows.centres, placement, rows.start, rows.end)
}

export function relabel({ kernel, labels, weights, ...rows }: RelabelTask): Relabelled {
  return relabelFast(kernel, rows, labels, weights)
}

export function survey({ kernel, matrix, start, end }: SurveyTask): Survey {
  return surveyRows(kernel, matrix, start, end)
}

/** @returns the sum of the squared packed values */
export function pack({ kernel, matrix, memory, space, start, end }: PackTask): number {
  return packRows(kernel, matrix, memory, space, start, end)
}

export function sum({ kernel, matrix, labels, weights, clusterCount, start, end }: SumTask): LabelSums {
  return sumByLabel(kernel, matrix, labels, weights, clusterCount, start, end)
}
