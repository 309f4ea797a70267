import type { Matrix } from '../ports/kernel-pool.ts'
import type { CompiledModule, SharedMemory } from './web-assembly.ts'

/** Rows packed or surveyed by one task; a multiple of 8. */
export const PACK_ROWS = 65_536
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
export function surveyRows({ dimensions, values }: Matrix, start: number, end: number): Survey {
  const sums = new Float64Array(dimensions)
  const lowest = new Float64Array(dimensions).fill(Infinity)
  const highest = new Float64Array(dimensions).fill(-Infinity)
  for (let i = start, at = start * dimensions; i < end; i++) {
    for (let j = 0; j < dimensions; j++, at++) {
      const value = values[at]!
      sums[j]! += value
      if (value < lowest[j]!) lowest[j] = value
      if (value > highest[j]!) highest[j] = value
    }
  }
  // One value that is no finite number makes a sum that is none.
  if (!sums.every(Number.isFinite)) refuseNotFinite(values, dimensions, start, end)
  return { sums, lowest, highest }
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
 * @returns the sum of the squared packed values
 */
export function packRows(
  { dimensions, values }: Matrix,
  memory: SharedMemory,
  { origin, scale, quantum }: PackedSpace,
  start: number,
  end: number,
): number {
  const packed = new Float32Array(memory.buffer, PACKED_START + start * dimensions * Float32Array.BYTES_PER_ELEMENT)
  let squares = 0
  // Next to this number neighbours are a quantum apart: adding it rounds, and taking it away leaves what was rounded.
  const rounder = 1.5 * 2 ** 52 * quantum
  for (let i = start, at = start * dimensions; i < end; i++) {
    const row = i - start
    const first = (row >> 2) * 4 * dimensions + (row & 3)
    for (let j = 0; j < dimensions; j++, at++) {
      const value = Math.fround((values[at]! - origin[j]!) * scale + rounder - rounder)
      packed[first + 4 * j] = value
      squares += value * value
    }
  }
  return squares
}
