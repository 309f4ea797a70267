import type { Matrix } from '../ports/kernel-pool.ts'
import { chunkRows, scratchOf } from './scratch.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

/** Rows packed or surveyed by one task; a multiple of 8. */
export const PACK_ROWS = 32_768
/** Rows are packed in blocks of 4 and computed two blocks at a time. */
const PADDING = 8

/** Rows as the fast kernel reads them. Threads get it by message: the memory is shared, the rest is small. */
export interface PackedRows {
  /** Begins with the packed rows, then their weights. */
  readonly memory: SharedMemory
  readonly kernel: CompiledModule
  readonly rowCount: number
  readonly dimensions: number
  readonly weighted: boolean
  readonly space: PackedSpace
  /** Mean over the columns of their variances, in the packed space. */
  readonly meanVariance: number
}

/**
 * Packed value = (value − origin) × scale, rounded to a multiple of `quantum` and to single precision. The scale is a power of two and
 * brings all values into [−1, 1]; the quantum is fine enough to be lost in single precision except near 0, and coarse enough that sums of
 * all rows are exact in double precision. So sums don't depend on the order, and rows may leave and enter a cluster without leaving dust.
 */
export interface PackedSpace {
  readonly origin: Float64Array
  readonly scale: number
  readonly quantum: number
}

/** What a task finds in its rows, by column. */
export interface Survey {
  readonly sums: Float64Array
  readonly lowest: Float64Array
  readonly highest: Float64Array
}

export const PACKED_START = 1024

export function paddedRows(rowCount: number): number {
  return Math.ceil(rowCount / PADDING) * PADDING
}

/** Address of the weights, behind the rows. */
export function weightsStart({ rowCount, dimensions }: Pick<PackedRows, 'rowCount' | 'dimensions'>): number {
  return PACKED_START + paddedRows(rowCount) * dimensions * Float32Array.BYTES_PER_ELEMENT
}

/** First address behind rows and weights. */
export function packedEnd(rows: Pick<PackedRows, 'rowCount' | 'dimensions' | 'weighted'>): number {
  return weightsStart(rows) + (rows.weighted ? paddedRows(rows.rowCount) * Float64Array.BYTES_PER_ELEMENT : 0)
}

/** @throws RangeError for a value that is no finite number */
export function surveyRows(kernel: CompiledModule, { dimensions, values }: Matrix, start: number, end: number): Survey {
  const scratch = scratchOf(kernel)
  const chunk = chunkRows(dimensions)
  const rows = scratch.doubles(chunk * dimensions)
  const sums = scratch.doubles(dimensions).fill(0)
  const lowest = scratch.doubles(dimensions).fill(Infinity)
  const highest = scratch.doubles(dimensions).fill(-Infinity)
  for (let from = start; from < end; from += chunk) {
    const to = Math.min(from + chunk, end)
    rows.set(values.subarray(from * dimensions, to * dimensions))
    scratch.kernel.surveyRows(
      ...[rows.byteOffset, to - from, dimensions, sums.byteOffset, lowest.byteOffset, highest.byteOffset],
    )
  }
  // One value that is no finite number makes a sum that is none.
  if (!sums.every(Number.isFinite)) refuseNotFinite(values, dimensions, start, end)
  return { sums: Float64Array.from(sums), lowest: Float64Array.from(lowest), highest: Float64Array.from(highest) }
}

function refuseNotFinite(values: Float64Array, dimensions: number, start: number, end: number): void {
  for (let at = start * dimensions; at < end * dimensions; at++) {
    if (Number.isFinite(values[at])) continue
    const [row, column] = [Math.floor(at / dimensions) + 1, (at % dimensions) + 1]
    throw new RangeError(`Row ${row} has ${values[at]} in column ${column}: k-means needs finite numbers everywhere.`)
  }
}

/** @param surveys of all rows, in row order */
export function choosePackedSpace(surveys: readonly Survey[], rowCount: number): PackedSpace {
  const origin = new Float64Array(surveys[0]!.sums.length)
  let farthest = 0
  for (let j = 0; j < origin.length; j++) {
    let [sum, lowest, highest] = [0, Infinity, -Infinity]
    for (const survey of surveys) {
      sum += survey.sums[j]!
      lowest = Math.min(lowest, survey.lowest[j]!)
      highest = Math.max(highest, survey.highest[j]!)
    }
    // A constant's mean would differ from it by rounding.
    origin[j] = lowest === highest ? lowest : sum / rowCount
    farthest = Math.max(farthest, origin[j]! - lowest, highest - origin[j]!)
  }
  if (!Number.isFinite(farthest))
    throw new RangeError(`Values so far apart that their sums overflow cannot be clustered: scale them down.`)
  return {
    origin,
    scale: farthest === 0 ? 1 : 2 ** -Math.max(-1000, Math.ceil(Math.log2(farthest)) + 1),
    quantum: 2 ** (Math.ceil(Math.log2(rowCount)) - 52),
  }
}

/**
 * Packs the rows [start, end) of a matrix; `start` is a multiple of 4.
 *
 * @returns the sum of the squared packed values, but for their rounding to single precision
 */
export function packRows(
  kernel: CompiledModule,
  { dimensions, values }: Matrix,
  memory: SharedMemory,
  { origin, scale, quantum }: PackedSpace,
  start: number,
  end: number,
): number {
  const scratch = scratchOf(kernel)
  const chunk = chunkRows(dimensions)
  const rows = scratch.doubles(chunk * dimensions)
  const blocks = scratch.singles(chunk * dimensions)
  const origins = scratch.doubles(dimensions)
  origins.set(origin)
  const packed = new Float32Array(memory.buffer, PACKED_START, paddedRows(end) * dimensions)
  // Next to this number neighbours are a quantum apart: adding it rounds, and taking it away leaves what was rounded.
  const rounder = 1.5 * 2 ** 52 * quantum
  let squares = 0
  for (let from = start; from < end; from += chunk) {
    const to = Math.min(from + chunk, end)
    const blockCount = Math.ceil((to - from) / 4)
    rows.set(values.subarray(from * dimensions, to * dimensions))
    // The last block is filled up with rows that become 0.
    for (let row = to - from; row < blockCount * 4; row++) rows.set(origin, row * dimensions)
    squares += scratch.kernel.packRows(
      ...[rows.byteOffset, blockCount, dimensions, origins.byteOffset, scale, rounder, blocks.byteOffset],
    )
    packed.set(blocks.subarray(0, blockCount * 4 * dimensions), from * dimensions)
  }
  return squares
}
