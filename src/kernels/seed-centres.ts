import { drawRow } from './draw-row.ts'
import { trialCount } from './fit-layout.ts'
import type { FitTeam } from './fit-team.ts'
import type { PackedRows } from './packed-rows.ts'
import { uniformDraws } from '../stats/uniform-draws.ts'

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007), as scikit-learn does it: each next centre is the best of a few rows, drawn with
 * probabilities proportional to their squared distance to the nearest centre so far, times their weight. When the rows have no more distinct
 * values, the rest repeat the first centre and will stay empty.
 *
 * @returns shape (clusterCount, dimensions), in the packed space
 */
export function seedCentres(team: FitTeam, packed: PackedRows, clusterCount: number, seed: number): Float64Array {
  const { rowCount, dimensions } = packed
  const { shards, tiles } = team.layout
  const trials = trialCount(clusterCount)
  const draw = uniformDraws(seed)
  const centres = new Float64Array(clusterCount * dimensions)
  const nearest = new Float32Array(team.buffer, team.layout.nearest, rowCount)
  const weights = team.weights()
  const totals = shards.map((shard) => new Float64Array(team.buffer, shard.totals, trials))
  const pieces = (trial: number) =>
    shards.map(({ from, to }, i) => ({ from, to: Math.min(to, rowCount), total: totals[i]![trial]! }))
  const addUp = (trial: number): number => totals.reduce((sum, shard) => sum + shard[trial]!, 0)

  const tried: Float32Array[] = []
  const offer = (trial: number, row: number): void => {
    const point = team.readRow(row)
    const splats = new Float32Array(team.buffer, tiles + trial * dimensions * 16, dimensions * 4)
    point.forEach((value, j) => splats.fill(value, j * 4, j * 4 + 4))
    tried[trial] = point
  }
  const accept = (trial: number, cluster: number): void => {
    centres.set(tried[trial]!, cluster * dimensions)
    team.run('take', trial)
  }

  nearest.fill(Infinity)
  offer(0, drawFirst(draw(), rowCount, weights))
  accept(0, 0)
  for (let cluster = 1; cluster < clusterCount; cluster++) {
    if (addUp(0) === 0) {
      centres.copyWithin(cluster * dimensions, 0, dimensions)
      continue
    }
    const rest = pieces(0)
    const shareOf = weights ? (row: number) => nearest[row]! * weights[row]! : (row: number) => nearest[row]!
    for (let trial = 0; trial < trials; trial++) offer(trial, drawRow(draw(), rest, shareOf))
    team.run('weigh', trials)
    let best = 0
    for (let trial = 1; trial < trials; trial++) if (addUp(trial) < addUp(best)) best = trial
    accept(best, cluster)
  }
  return centres
}

function drawFirst(part: number, rowCount: number, weights: Float64Array | undefined): number {
  if (!weights) return Math.floor(part * rowCount)
  let total = 0
  for (const weight of weights) total += weight
  return drawRow(part, [{ from: 0, to: rowCount, total }], (row) => weights[row]!)
}
