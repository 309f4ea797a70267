import { openKernel } from './kernel-module.ts'
import type { KernelExports } from './kernel-module.ts'
import { webAssembly } from './web-assembly.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

const PAGE = 65_536
const MOST_PAGES = 65_536
const LINE = 64
/** Rows that are worked on at a time: few enough to stay in the cache of a core, a multiple of 4. */
const CHUNK_BYTES = 128 * 1024

/**
 * Memory of a thread's own, in which the kernel works on rows that lie elsewhere: they are copied in a chunk at a time. An instance has one
 * memory only, and copying costs less than keeping all rows in it.
 */
export class Scratch {
  readonly kernel: KernelExports
  private readonly memory: SharedMemory
  private end = 0

  constructor(kernel: CompiledModule) {
    this.memory = new webAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true })
    this.kernel = openKernel(kernel, this.memory)
  }

  /** Forgets what was taken. */
  begin(): this {
    // Not at 0, which means "none" to the kernel.
    this.end = LINE
    return this
  }

  doubles(length: number): Float64Array {
    return new Float64Array(...this.take(length, 8))
  }

  singles(length: number): Float32Array {
    return new Float32Array(...this.take(length, 4))
  }

  integers(length: number): Int32Array {
    return new Int32Array(...this.take(length, 4))
  }

  private take(length: number, bytes: number): [SharedArrayBuffer, number, number] {
    const address = Math.ceil(this.end / LINE) * LINE
    this.end = address + length * bytes
    const missing = this.end - this.memory.buffer.byteLength
    // Memory that is shared stays where it is: what was taken before remains valid.
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE))
    return [this.memory.buffer, address, length]
  }
}

export function chunkRows(dimensions: number): number {
  return Math.max(4, Math.floor(CHUNK_BYTES / 32 / dimensions) * 4)
}

let own: Scratch | undefined

/** The scratch of the thread that calls, empty. */
export function scratchOf(kernel: CompiledModule): Scratch {
  own ??= new Scratch(kernel)
  return own.begin()
}
