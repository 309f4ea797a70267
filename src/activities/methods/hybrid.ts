import type { ColumnTable } from '../../ports/compute-engine.ts'
import { compileClaim } from '../../stages/cluster/hybrid/claims.ts'
import { modelOfLayer } from '../../stages/cluster/hybrid/layer-models.ts'
import { cellOf } from '../../stages/cluster/hybrid/pool-cells.ts'
import { crossPlaced, gatherLayers, takeCustomers } from '../../stages/cluster/hybrid/place-layers.ts'
import type { LayerPlaced } from '../../stages/cluster/hybrid/place-layers.ts'
import { shareColumns } from '../../stages/cluster/hybrid/share-columns.ts'
import type { SharedColumns } from '../../stages/cluster/hybrid/share-columns.ts'
import { addUnseen } from '../../stages/features/unseen-counts.ts'
import type { UnseenCounts } from '../../stages/features/unseen-counts.ts'
import { fitCross } from './fit-cross.ts'
import { fitPrecedence } from './fit-precedence.ts'
import { renamed, takeRows } from './hybrid-tables.ts'
import type { ClusterMethod, MethodOf, ModelOf, Placement, PlaceTools } from './method.ts'

type HybridModel = ModelOf<'hybrid'>

/** Layers of other methods. @param methodOf finds these: a layer is fitted and placed by its own method */
export function makeHybrid(methodOf: MethodOf): ClusterMethod<'hybrid'> {
  return {
    fit: (input) => (input.config.combine === 'cross' ? fitCross(input, methodOf) : fitPrecedence(input, methodOf)),

    columns: (model) => columnsOf(model, methodOf).columns,

    async place(table, model, tools) {
      const { names } = columnsOf(model, methodOf)
      const tables = names.map((own) => renamed(table, own))
      return model.parameters.combine === 'cross'
        ? placeCombinations(tables, model, methodOf, tools)
        : placeByPrecedence(tables, model, methodOf, tools)
    },
  }
}

/** Columns of the claims first, then those of each layer. */
function columnsOf({ parameters, features }: HybridModel, methodOf: MethodOf): SharedColumns {
  const claims = Object.fromEntries(
    parameters.layers.flatMap(({ claim, model }, index) =>
      model && claim.length > 0
        ? [[claimColumn(index), `CAST(${compileClaim(claim, parameters.columns)} AS INTEGER)`]]
        : [],
    ),
  )
  const ofLayers = parameters.layers.map(({ model }) =>
    model ? methodOf(model.method).columns(modelOfLayer(model, features)) : {},
  )
  return shareColumns([claims, ...ofLayers])
}

async function placeByPrecedence(
  [claims, ...tables]: readonly ColumnTable[],
  { parameters, features }: HybridModel,
  methodOf: MethodOf,
  tools: PlaceTools,
): Promise<Placement> {
  const { rowCount } = claims!
  const wants = parameters.layers.map(({ claim, model }, index) => {
    if (!model) return new Int32Array(rowCount)
    return claim.length === 0 ? null : (claims!.columns[claimColumn(index)] as Int32Array)
  })
  const taken = takeCustomers(wants, rowCount)
  const placed: LayerPlaced[] = []
  const unseen: UnseenCounts[] = []
  for (const [index, { model, numbers }] of parameters.layers.entries()) {
    const rows = Int32Array.from(taken.keys()).filter((row) => taken[row] === index)
    const shape = {
      scores: model?.scores.length ?? 0,
      also: model?.also.length ?? 0,
      reasons: model?.reasons.length ?? 0,
    }
    if (!model || rows.length === 0) {
      placed.push({ rows: new Int32Array(), placed: NOBODY, numbers, ...shape })
      continue
    }
    const placement = await methodOf(model.method).place(
      takeRows(tables[index]!, rows),
      modelOfLayer(model, features),
      tools,
    )
    unseen.push(placement.unseenLevels)
    placed.push({ rows, placed: placement, numbers, ...shape })
  }
  return { ...gatherLayers(placed, rowCount), unseenLevels: addUnseen(unseen) }
}

async function placeCombinations(
  [claims, ...tables]: readonly ColumnTable[],
  { parameters, features }: HybridModel,
  methodOf: MethodOf,
  tools: PlaceTools,
): Promise<Placement> {
  const { rowCount } = claims!
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row)
  const placed: LayerPlaced[] = []
  const unseen: Record<string, number> = {}
  for (const [index, { model, numbers }] of parameters.layers.entries()) {
    const { scores, also, reasons, ...own } = model!
    const placement = await methodOf(own.method).place(tables[index]!, modelOfLayer(model!, features), tools)
    // Layers that read the same feature meet the same customers.
    for (const [feature, customers] of Object.entries(placement.unseenLevels))
      unseen[feature] = Math.max(unseen[feature] ?? 0, customers)
    placed.push({ rows, placed: placement, numbers, scores: scores.length, also: also.length, reasons: reasons.length })
  }
  const radices = parameters.layers.map(({ numbers }) => numbers.length)
  const combine = (path: readonly number[]): number => parameters.cells![cellOf(path, radices)]!
  return { ...crossPlaced(placed, rowCount, combine), unseenLevels: unseen }
}

const NOBODY: Placement = {
  cluster: new Int32Array(),
  confidence: new Float64Array(),
  distance: new Float64Array(),
  nextCluster: new Int32Array(),
  isOutlier: new Int32Array(),
  layer: null,
  scores: [],
  also: [],
  reasons: [],
  unseenLevels: {},
}

function claimColumn(index: number): string {
  return `claim_${index}`
}
