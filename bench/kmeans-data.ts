import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../src/demo/random.ts'
import type { Matrix } from '../src/ports/kernel-pool.ts'

const GROUPS = 12

/** Overlapping groups of unequal size, with single precision values, so that every engine reads the same numbers; and rows to start from. */
export function writeKMeansData(folder: string, rowCount: number, dimensions: number, clusterCount: number): void {
  const random = new Random(20_240_607)
  const sizes = Array.from({ length: GROUPS }, (_, group) => 1 / (group + 1))
  const centres = Array.from({ length: GROUPS * dimensions }, () => random.between(-2.8, 2.8))
  const spreads = Array.from({ length: GROUPS * dimensions }, () => random.between(0.6, 1.8))
  const values = new Float32Array(rowCount * dimensions)
  for (let i = 0; i < rowCount; i++) {
    const group = random.weighted(sizes)
    for (let j = 0; j < dimensions; j++) {
      const normal = 2 * (random.share() + random.share() + random.share() - 1.5)
      values[i * dimensions + j] = centres[group * dimensions + j]! + spreads[group * dimensions + j]! * normal
    }
  }
  const starts = Float64Array.from({ length: clusterCount * dimensions }, (_, at) => {
    const row = Math.floor((Math.floor(at / dimensions) + 0.5) * (rowCount / clusterCount))
    return values[row * dimensions + (at % dimensions)]!
  })
  writeFileSync(join(folder, 'rows.f32'), values)
  writeFileSync(join(folder, 'starts.f64'), starts)
}

export function readKMeansData(
  folder: string,
  rowCount: number,
  dimensions: number,
): { matrix: Matrix; starts: Float64Array } {
  const bytes = readFileSync(join(folder, 'rows.f32'))
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, rowCount * dimensions)
  const values = new Float64Array(new SharedArrayBuffer(rows.length * Float64Array.BYTES_PER_ELEMENT))
  values.set(rows)
  const starts = readFileSync(join(folder, 'starts.f64'))
  return {
    matrix: { rowCount, dimensions, values },
    starts: new Float64Array(Uint8Array.from(starts).buffer),
  }
}
