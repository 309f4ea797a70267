import { partOf } from '../../stages/cluster/judged-rows.ts'
import type { Matrix } from '../../ports/kernel-pool.ts'
import { chooseBisection } from '../../stages/cluster/hierarchy/bisect.ts'
import type { RowGroup } from '../../stages/cluster/hierarchy/bisect.ts'
import type { HierarchyConfig } from '../../stages/cluster/hierarchy/config.ts'
import { growLevels } from '../../stages/cluster/hierarchy/grow-levels.ts'
import type { Level, LevelPlan, Split } from '../../stages/cluster/hierarchy/grow-levels.ts'
import { centroidOf, pointsOf, rootOfTree, splitWardGroup } from '../../stages/cluster/hierarchy/ward-groups.ts'
import type { WeightedPoints } from '../../stages/cluster/hierarchy/ward-groups.ts'
import type { FitInput } from './method.ts'

const MAX_ITERATIONS = 300
/** Up to so many customers are joined one by one; of more, so many small clusters stand for them. */
const MOST_POINTS = 1_000
const POINTS_OF_MANY = 500

export interface GrownHierarchy {
  /** From the coarsest. */
  readonly levels: readonly Level<unknown>[]
  /** Of the groups of the finest level: means of their rows. */
  readonly centres: readonly (readonly number[])[]
}

type Input = Pick<FitInput<HierarchyConfig>, 'config' | 'kernels' | 'attempt'>

export async function growHierarchy(
  input: Input,
  matrix: Matrix,
  plans: readonly LevelPlan[],
): Promise<GrownHierarchy> {
  return input.config.algorithm === 'ward' ? growWard(input, matrix, plans) : growBisecting(input, matrix, plans)
}

async function growWard(input: Input, matrix: Matrix, plans: readonly LevelPlan[]): Promise<GrownHierarchy> {
  const rows = matrix.rowCount <= MOST_POINTS ? eachRow(matrix) : await smallClusters(input, matrix)
  const { points, dimensions, weights } = rows
  const tree = await input.kernels.calculate('wardTree', [points, dimensions, weights], input.attempt.signal)
  const levels = await growLevels(rootOfTree(tree), plans, (group, minimum) =>
    Promise.resolve(splitWardGroup(tree, rows, group, minimum)),
  )
  return { levels, centres: levels.at(-1)!.groups.map((group) => [...centroidOf(rows, pointsOf(tree, group))]) }
}

function eachRow({ values, dimensions, rowCount }: Matrix): WeightedPoints {
  return { points: values, dimensions, weights: new Float64Array(rowCount).fill(1) }
}

async function smallClusters({ config, kernels, attempt }: Input, matrix: Matrix): Promise<WeightedPoints> {
  const seeds = [config.seed]
  const request = { matrix, clusterCount: POINTS_OF_MANY, seeds, maxIterations: MAX_ITERATIONS }
  const { centres, labels } = await kernels.kmeans(request, attempt.signal)
  const sizes = new Float64Array(POINTS_OF_MANY)
  for (const label of labels) sizes[label]! += 1
  const kept = Int32Array.from(sizes.keys()).filter((cluster) => sizes[cluster]! > 0)
  const { dimensions } = matrix
  const { values } = partOf({ rowCount: POINTS_OF_MANY, dimensions, values: centres }, kept)
  return { points: values, dimensions, weights: Float64Array.from(kept, (cluster) => sizes[cluster]!) }
}

async function growBisecting(input: Input, matrix: Matrix, plans: readonly LevelPlan[]): Promise<GrownHierarchy> {
  const everyRow: RowGroup = Int32Array.from({ length: matrix.rowCount }, (_, row) => row)
  const levels = await growLevels(everyRow, plans, (group, minimum) => bisect(input, matrix, group, minimum))
  const { dimensions, values, rowCount } = matrix
  const rows = { points: values, dimensions, weights: new Float64Array(rowCount).fill(1) }
  return { levels, centres: levels.at(-1)!.groups.map((group) => [...centroidOf(rows, [...group])]) }
}

async function bisect(
  { config, kernels, attempt }: Input,
  matrix: Matrix,
  group: RowGroup,
  minimum: number,
): Promise<Split<RowGroup> | null> {
  if (group.length < 2 * minimum) return null
  const rows = partOf(matrix, group)
  const fits = await Promise.all(
    Array.from({ length: config.starts }, (_, start) =>
      kernels.kmeans(
        { matrix: rows, clusterCount: 2, seeds: [config.seed + start], maxIterations: MAX_ITERATIONS },
        attempt.signal,
      ),
    ),
  )
  return chooseBisection(group, rows.values, fits, minimum)
}
