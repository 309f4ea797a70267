import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { TooFewCustomers } from '../../errors/too-few-customers.ts'
import { bucketRanges } from '../../stages/cluster/bucket-ranges.ts'
import { hybridModel } from '../../stages/cluster/hybrid/hybrid-model.ts'
import { crossLayers } from '../../stages/cluster/hybrid/join-layers.ts'
import type { LayerToJoin } from '../../stages/cluster/hybrid/join-layers.ts'
import { modelOfLayer } from '../../stages/cluster/hybrid/layer-models.ts'
import { cellOf, poolCells, straysOf } from '../../stages/cluster/hybrid/pool-cells.ts'
import { shareColumns } from '../../stages/cluster/hybrid/share-columns.ts'
import type { LayerModel } from '../../stages/cluster/model.ts'
import { compilePlacing } from '../../stages/cluster/sql.ts'
import { ROWS_AT_A_TIME } from '../coordinates.ts'
import { fitLayer } from './fit-layer.ts'
import { renamed } from './hybrid-tables.ts'
import type { ConfigOf, FitInput, MethodOf, ModelOf } from './method.ts'

/** More would be no segmentation. */
const MOST_COMBINATIONS = 2_000
const DEFAULT_SHARE = 0.01

/**
 * Fits every layer on everybody, counts the combinations of their clusters, and makes segments of those that are large enough.
 *
 * @throws TooFewCustomers, ConfigInvalid
 */
export async function fitCross(input: FitInput<ConfigOf<'hybrid'>>, methodOf: MethodOf): Promise<ModelOf<'hybrid'>> {
  const { config, features, customerCount, relation } = input
  const models: LayerModel[] = []
  for (const layer of config.layers) models.push(await fitLayer(input, layer, { relation, customerCount }, methodOf))
  // Clusters of upper levels are memberships beside: combinations are of those that customers are in first of all.
  const radices = models.map(({ clusters }) => clusters.length)
  const combinations = radices.reduce((product, radix) => product * radix, 1)
  if (combinations > MOST_COMBINATIONS)
    throw new ConfigInvalid(
      `The layers of cluster have ${radices.join(' × ')} clusters, that is ${combinations} combinations; at most ${MOST_COMBINATIONS} can be told apart.`,
      'Take fewer layers, or fewer clusters in each; then rerun.',
    )
  const counts = await countCombinations(input, models, radices, methodOf)
  const { minimumSize = DEFAULT_SHARE, pooled = 'neighbour' } = config
  const minimum = minimumSize < 1 ? minimumSize * customerCount : minimumSize
  const pooledCells = poolCells(counts, radices, minimum, pooled === 'together')
  if (!pooledCells)
    throw new TooFewCustomers(
      `No combination of layers has ${Math.ceil(minimum)} customers, the least that cluster.minimumSize asks for, of ${customerCount}.`,
      'Lower cluster.minimumSize, or take fewer clusters in each layer; then rerun.',
    )
  const toJoin = config.layers.map(({ name }, i): LayerToJoin => ({ name, model: models[i]!, unused: [] }))
  const joined = crossLayers(toJoin, pooledCells.paths, straysOf(pooledCells, counts, radices))
  return hybridModel(features, toJoin, joined, customerCount, {
    method: 'hybrid',
    combine: 'cross',
    layers: config.layers.map(({ name }, i) => ({ name, claim: [], model: models[i]!, numbers: joined.numbers[i]! })),
    cells: pooledCells.cells,
    columns: {},
    evidence: {
      layers: config.layers.map(({ name }) => ({ name, wanted: customerCount, taken: customerCount })),
      conflicts: [],
      pooled: pooledCells.pooledCustomers,
    },
  })
}

/** Customers of each combination, placed as they will be. */
async function countCombinations(
  { session, relation, customerCount, features, kernels, attempt }: FitInput<ConfigOf<'hybrid'>>,
  models: readonly LayerModel[],
  radices: readonly number[],
  methodOf: MethodOf,
): Promise<Float64Array> {
  const whole = models.map((model) => modelOfLayer(model, features))
  const { columns, names } = shareColumns(whole.map((model) => methodOf(model.method).columns(model)))
  const counts = new Float64Array(radices.reduce((product, radix) => product * radix, 1))
  let done = 0
  for (const { from, to } of bucketRanges(0, 1, customerCount, ROWS_AT_A_TIME)) {
    const table = await session.columns(compilePlacing(relation, columns, from, to))
    const placed: Int32Array[] = []
    for (const [i, model] of whole.entries()) {
      const tools = { kernels, signal: attempt.signal }
      placed.push((await methodOf(model.method).place(renamed(table, names[i]!), model, tools)).cluster)
    }
    for (let row = 0; row < table.rowCount; row++)
      counts[
        cellOf(
          placed.map((clusters) => clusters[row]!),
          radices,
        )
      ]! += 1
    attempt.progress((done += table.rowCount), customerCount)
  }
  return counts
}
