import type { Matrix } from '../ports/kernel-pool.ts'
import type { FastFit, FastFitTask } from './fast-fit.ts'
import { layOutFit } from './fit-layout.ts'
import { resetControl } from './fit-team.ts'
import type { PackTask, SurveyTask } from './kernel-worker.ts'
import { choosePackedSpace, PACK_ROWS, packedEnd, weightsStart } from './packed-rows.ts'
import type { PackedRows, Survey } from './packed-rows.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import { webAssembly } from './web-assembly.ts'
import type { CompiledModule } from './web-assembly.ts'

const PAGE = 65_536
/** 4 GiB: what an address can reach. */
const MOST_PAGES = 65_536
/** From here on, threads share a fit; below, each has a fit of its own, which costs no waiting for one another. */
const TEAM_ROWS = 131_072
const LEAST_CAPACITY = 16

/** Rows in the fast kernel's memory, packed once for all fits, and a place in it for the state of each fit that runs at the same time. */
export class PackedMatrix {
  private readonly packed: PackedRows
  private readonly run: RunInThread
  private readonly teamSize: number
  private readonly laneCount: number
  private readonly freeLanes: number[]
  private readonly waiting: PromiseWithResolvers<number>[] = []
  private capacity = 0
  private laneStarts: readonly number[] = []

  private constructor(packed: PackedRows, run: RunInThread, threads: number) {
    this.packed = packed
    this.run = run
    this.teamSize = packed.rowCount < TEAM_ROWS ? 1 : threads
    this.laneCount = packed.rowCount < TEAM_ROWS ? threads : 1
    this.freeLanes = Array.from({ length: this.laneCount }, (_, lane) => lane)
  }

  /**
   * @param matrix values in shared memory
   * @param weights a row, or undefined when every row counts once
   */
  static async pack(
    kernel: CompiledModule,
    matrix: Matrix,
    weights: Float64Array | undefined,
    threads: number,
    run: RunInThread,
  ): Promise<PackedMatrix> {
    const { rowCount, dimensions } = matrix
    const chunks = splitRows(rowCount, PACK_ROWS)
    const surveys = await runTasks(
      chunks.map((chunk): SurveyTask => ({ kernel, matrix, ...chunk })),
      (task, scope) => run('survey', task, scope) as Promise<Survey>,
      undefined,
    )
    const space = choosePackedSpace(surveys, rowCount)
    const shape = { rowCount, dimensions, weighted: weights !== undefined }
    const memory = new webAssembly.Memory({ initial: pagesFor(packedEnd(shape)), maximum: MOST_PAGES, shared: true })
    if (weights) new Float64Array(memory.buffer, weightsStart(shape), rowCount).set(weights)
    const squares = await runTasks(
      chunks.map((chunk): PackTask => ({ kernel, matrix, memory, space, ...chunk })),
      (task, scope) => run('pack', task, scope) as Promise<number>,
      undefined,
    )
    const meanVariance = squares.reduce((sum, square) => sum + square, 0) / (rowCount * dimensions)
    return new PackedMatrix({ memory, kernel, ...shape, space, meanVariance }, run, threads)
  }

  /** After a failure no fit may follow: a thread that was stopped may still write. */
  async fit(task: Omit<FastFitTask, 'packed' | 'start'>, signal: AbortSignal): Promise<FastFit> {
    const lane = await this.takeLane()
    try {
      signal.throwIfAborted()
      const whole = { ...task, packed: this.packed, start: this.startOf(lane, task.clusterCount) }
      resetControl(this.packed.memory, layOutFit(this.packed, whole.start, whole.clusterCount))
      const [fit] = await runTasks(
        Array.from({ length: this.teamSize }, (_, member) => (member === 0 ? 'fitFast' : 'helpFit')),
        (name, scope) => this.run(name, whole, scope),
        signal,
      )
      this.giveLane(lane)
      return fit as FastFit
    } catch (error) {
      for (const waiter of this.waiting.splice(0)) waiter.reject(error)
      throw error
    }
  }

  private takeLane(): Promise<number> {
    const lane = this.freeLanes.pop()
    if (lane !== undefined) return Promise.resolve(lane)
    const waiter = Promise.withResolvers<number>()
    this.waiting.push(waiter)
    return waiter.promise
  }

  private giveLane(lane: number): void {
    const waiter = this.waiting.shift()
    if (waiter) waiter.resolve(lane)
    else this.freeLanes.push(lane)
  }

  /** Places for more clusters are laid behind the old ones, where fits may be running. */
  private startOf(lane: number, clusterCount: number): number {
    if (clusterCount > this.capacity) {
      const { memory } = this.packed
      this.capacity = Math.max(LEAST_CAPACITY, 2 ** Math.ceil(Math.log2(clusterCount)))
      let end = memory.buffer.byteLength
      this.laneStarts = Array.from({ length: this.laneCount }, () => {
        const start = end
        end = layOutFit(this.packed, start, this.capacity).end
        return start
      })
      memory.grow(pagesFor(end - memory.buffer.byteLength))
    }
    return this.laneStarts[lane]!
  }
}

/** @throws RangeError beyond 4 GiB */
function pagesFor(bytes: number): number {
  const pages = Math.ceil(bytes / PAGE)
  if (pages > MOST_PAGES)
    throw new RangeError(
      `The fast kernel holds 4 GiB, and these rows need ${Math.ceil(bytes / 2 ** 30)} GiB: fit on fewer rows.`,
    )
  return pages
}
