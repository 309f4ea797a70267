import type { FitTeam } from './fit-team.ts'
import { measure } from './measure.ts'
import type { PackedRows } from './packed-rows.ts'
import { relocateEmpty } from './relocate-empty.ts'

export interface LloydResult {
  /** Sum of squared distances to the nearest centre, in the packed space. */
  readonly inertia: number
  readonly iterations: number
  readonly converged: boolean
}

/**
 * Lloyd's k-means (Lloyd 1982) from given centres, which are changed in place. Labels in single precision; centres from sums in double
 * precision, to which only rows that move are added: unweighted sums are exact (see `PackedSpace`), weighted ones are taken anew each time.
 *
 * @param centres shape (clusterCount, dimensions), in the packed space
 * @param tolerance the fit has converged when the centres move less than this, as the sum of squares
 */
export function runLloyd(
  team: FitTeam,
  packed: PackedRows,
  centres: Float64Array,
  maxIterations: number,
  tolerance: number,
): LloydResult {
  const { buffer, layout } = team
  const clusterCount = centres.length / packed.dimensions
  const sums = new Float64Array(centres.length)
  const sizes = new Float64Array(clusterCount)
  new Int32Array(buffer, layout.labels, packed.rowCount).fill(-1)
  clearSums(team, centres.length, clusterCount)
  let iterations = 0
  let converged = false
  while (!converged && iterations < maxIterations) {
    const moved = assignRows(team, packed, centres)
    addShards(team, sums, sizes)
    const relocated = relocateEmpty(team, packed, centres, sums, sizes)
    const shift = moveCentres(centres, sums, sizes, packed.dimensions)
    iterations += 1
    converged = !relocated && (moved === 0 || shift <= tolerance)
  }
  assignRows(team, packed, centres)
  return { inertia: measure(team, centres), iterations, converged }
}

/** @returns rows that moved */
function assignRows(team: FitTeam, { dimensions, weighted }: PackedRows, centres: Float64Array): number {
  writeTiles(team, centres, dimensions)
  team.run('assign')
  const moved = team.addTotals()
  if (weighted) {
    clearSums(team, centres.length, centres.length / dimensions)
    team.run('sum')
  }
  return moved
}

function writeTiles({ buffer, layout }: FitTeam, centres: Float64Array, dimensions: number): void {
  const { groupCount, tiles } = layout
  const values = new Float32Array(buffer, tiles, groupCount * 4 * (dimensions + 1) * 4)
  values.fill(0)
  const offsets = values.subarray(groupCount * 4 * dimensions * 4)
  offsets.fill(-Infinity)
  for (let cluster = 0; cluster < centres.length / dimensions; cluster++) {
    let square = 0
    for (let j = 0; j < dimensions; j++) {
      const value = Math.fround(centres[cluster * dimensions + j]!)
      square += value * value
      const at = (((cluster >> 2) * dimensions + j) * 4 + (cluster & 3)) * 4
      values.fill(value, at, at + 4)
    }
    offsets.fill(-square / 2, cluster * 4, cluster * 4 + 4)
  }
}

function clearSums({ buffer, layout }: FitTeam, sumCount: number, clusterCount: number): void {
  for (const shard of layout.shards) {
    new Float64Array(buffer, shard.sums, sumCount).fill(0)
    new Float64Array(buffer, shard.sizes, clusterCount).fill(0)
  }
}

function addShards({ buffer, layout }: FitTeam, sums: Float64Array, sizes: Float64Array): void {
  sums.fill(0)
  sizes.fill(0)
  for (const shard of layout.shards) {
    const ofShard = new Float64Array(buffer, shard.sums, sums.length)
    for (let i = 0; i < sums.length; i++) sums[i]! += ofShard[i]!
    const sizesOfShard = new Float64Array(buffer, shard.sizes, sizes.length)
    for (let i = 0; i < sizes.length; i++) sizes[i]! += sizesOfShard[i]!
  }
}

/**
 * Puts each centre into the mean of its rows; one without rows stays.
 *
 * @returns the sum of the squared shifts
 */
function moveCentres(centres: Float64Array, sums: Float64Array, sizes: Float64Array, dimensions: number): number {
  let shift = 0
  for (let i = 0; i < centres.length; i++) {
    const size = sizes[Math.floor(i / dimensions)]!
    if (size === 0) continue
    const mean = sums[i]! / size
    shift += (mean - centres[i]!) ** 2
    centres[i] = mean
  }
  return shift
}
