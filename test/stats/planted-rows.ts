import { uniformDraws } from '../../src/stats/uniform-draws.ts'

/** Rows spread evenly over a box, row-major. */
export function noise(rowCount: number, dimensions: number, seed: number): Float64Array {
  const draw = uniformDraws(seed)
  return Float64Array.from({ length: rowCount * dimensions }, draw)
}

/** Rows of one normal distribution, round. */
export function blob(rowCount: number, dimensions: number, seed: number): Float64Array {
  const normal = normalDraws(seed)
  return Float64Array.from({ length: rowCount * dimensions }, normal)
}

/** Rows of round groups of equal size, twelve deviations from one another: group g is far out in column g, the next in the other direction. */
export function plantedGroups(
  rowCount: number,
  dimensions: number,
  groupCount: number,
  seed: number,
): { values: Float64Array; groups: Int32Array } {
  const normal = normalDraws(seed)
  const groups = Int32Array.from({ length: rowCount }, (_, row) => row % groupCount)
  const values = Float64Array.from({ length: rowCount * dimensions }, (_, i) => {
    const group = groups[Math.floor(i / dimensions)]!
    const isOut = i % dimensions === Math.floor(group / 2) % dimensions
    return normal() + (isOut ? (group % 2 === 0 ? 8.5 : -8.5) : 0)
  })
  return { values, groups }
}

/** Box & Muller (1958). */
function normalDraws(seed: number): () => number {
  const draw = uniformDraws(seed)
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
}
