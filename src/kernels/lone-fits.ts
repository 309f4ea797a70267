import type { Matrix } from '../ports/kernel-pool.ts'
import { fitFast } from './fast-fit.ts'
import { layOutFit } from './fit-layout.ts'
import { resetControl } from './fit-team.ts'
import { choosePackedSpace, packedEnd, packRows, surveyRows } from './packed-rows.ts'
import { webAssembly } from './web-assembly.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

const PAGE = 65_536

export interface AloneFit {
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  readonly labels: Int32Array
}

export interface AloneOptions {
  readonly clusterCount: number
  /** One fit a seed; the lowest inertia wins, the first of equals. */
  readonly seeds: readonly number[]
  readonly maxIterations: number
  readonly tolerance: number
}

/**
 * Fits small matrices one after the other in the thread that calls, in single precision: for refits, of which there are hundreds and none
 * matters alone.
 */
export class LoneFits {
  private readonly kernel: CompiledModule
  private memory: SharedMemory | undefined

  constructor(kernel: CompiledModule) {
    this.kernel = kernel
  }

  /** @param matrix at least one row */
  fit(matrix: Matrix, { clusterCount, seeds, maxIterations, tolerance }: AloneOptions): AloneFit {
    const { rowCount, dimensions } = matrix
    const space = choosePackedSpace([surveyRows(this.kernel, matrix, 0, rowCount)], rowCount)
    const shape = { rowCount, dimensions, weighted: false }
    const bare = { ...shape, kernel: this.kernel, space, meanVariance: 0, memory: undefined as never }
    const start = packedEnd(shape)
    const layout = layOutFit(bare, start, clusterCount)
    const memory = this.cleared(layout.end)
    const squares = packRows(this.kernel, matrix, memory, space, 0, rowCount)
    const packed = { ...bare, memory, meanVariance: squares / (rowCount * dimensions) }
    let best: (AloneFit & { readonly inertia: number }) | undefined
    for (const begin of seeds) {
      resetControl(memory, layout)
      const fit = fitFast({ packed, start, clusterCount, begin, maxIterations, tolerance })
      if (!best || fit.inertia < best.inertia) best = fit
    }
    return best!
  }

  /** Memory of that size at least; what an earlier fit left in it would count as rows. */
  private cleared(bytes: number): SharedMemory {
    if (!this.memory || this.memory.buffer.byteLength < bytes) {
      const pages = Math.ceil(bytes / PAGE)
      this.memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    } else new Uint8Array(this.memory.buffer, 0, bytes).fill(0)
    return this.memory
  }
}
