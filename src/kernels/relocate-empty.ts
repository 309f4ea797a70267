import type { FitTeam } from './fit-team.ts'
import { measure } from './measure.ts'
import type { PackedRows } from './packed-rows.ts'

/** Squared distances below this are rounding: packed values lie between −1 and 1 and have 24 bits. */
const NOTHING = 2 ** -40

/**
 * Gives each cluster without rows the row that is farthest from its centre, the first of equals, as scikit-learn does; that row leaves the
 * sums of its cluster. A row at its centre, or one that would leave its cluster empty, is not taken: then the cluster stays empty.
 *
 * @param centres those by which rows were labelled
 * @param sums of the labels, changed in place, as are the sizes
 * @returns whether any cluster got a row
 */
export function relocateEmpty(
  team: FitTeam,
  packed: PackedRows,
  centres: Float64Array,
  sums: Float64Array,
  sizes: Float64Array,
): boolean {
  const { rowCount, dimensions } = packed
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0)
  if (empty.length === 0) return false
  measure(team, centres)
  const distances = new Float32Array(team.buffer, team.layout.nearest, rowCount)
  const labels = new Int32Array(team.buffer, team.layout.labels, rowCount)
  const weights = team.weights()
  const taken = new Set<number>()
  for (const cluster of empty) {
    let farthest = -1
    for (let row = 0; row < rowCount; row++) {
      const distance = distances[row]!
      if (distance < NOTHING || (farthest >= 0 && distance <= distances[farthest]!) || taken.has(row)) continue
      const weight = weights?.[row] ?? 1
      if (weight > 0 && sizes[labels[row]!]! > weight) farthest = row
    }
    if (farthest < 0) break
    taken.add(farthest)
    const weight = weights?.[farthest] ?? 1
    const before = labels[farthest]!
    sizes[before]! -= weight
    sizes[cluster] = weight
    team.readRow(farthest).forEach((value, j) => {
      sums[before * dimensions + j]! -= weight * value
      sums[cluster * dimensions + j] = weight * value
    })
  }
  return taken.size > 0
}
