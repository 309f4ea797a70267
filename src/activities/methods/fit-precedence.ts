import { TooFewCustomers } from '../../errors/too-few-customers.ts'
import {
  claimOf,
  columnsIn,
  compileClaim,
  compileLayerEvidence,
  compileTaken,
  readLayerEvidence,
} from '../../stages/cluster/hybrid/claims.ts'
import { hybridModel } from '../../stages/cluster/hybrid/hybrid-model.ts'
import { joinLayers } from '../../stages/cluster/hybrid/join-layers.ts'
import type { LayerToJoin } from '../../stages/cluster/hybrid/join-layers.ts'
import type { LayerModel } from '../../stages/cluster/model.ts'
import { fitLayer } from './fit-layer.ts'
import type { ConfigOf, FitInput, MethodOf, ModelOf } from './method.ts'
import { readableColumns } from './readable-columns.ts'

/**
 * Fits each layer on the customers that no layer before it takes. One that nobody is left for has no clusters, and takes nobody later.
 *
 * @throws TooFewCustomers
 */
export async function fitPrecedence(
  input: FitInput<ConfigOf<'hybrid'>>,
  methodOf: MethodOf,
): Promise<ModelOf<'hybrid'>> {
  const { config, plan, session, relation, features } = input
  const readable = readableColumns(plan)
  const claims = config.layers.map((layer, index) => {
    const claim = claimOf(layer, index === config.layers.length - 1)
    return { name: layer.name, claim, sql: compileClaim(claim, readable) }
  })
  const models: (LayerModel | null)[] = []
  const counts: number[] = []
  for (const [index, layer] of config.layers.entries()) {
    const before = claims.slice(0, index).flatMap(({ sql }, i) => (models[i] ? [sql] : []))
    const own = compileTaken(relation, before, claims[index]!.sql)
    const [counted] = await session.rows(`SELECT count(*) AS customers FROM ${own}`)
    const customerCount = Number(counted!.customers)
    counts.push(customerCount)
    // Rules stand whoever there is; other methods learn from their customers.
    const isFitted = customerCount > 0 || layer.method === 'rules'
    if (!isFitted && index === config.layers.length - 1)
      throw new TooFewCustomers(
        `No customer is left for layer ${layer.name}: the layers before it take everybody.`,
        'Remove it, so that the layer before it takes everybody left, or narrow their conditions; then rerun.',
      )
    models.push(isFitted ? await fitLayer(input, layer, { relation: own, customerCount }, methodOf) : null)
  }
  const [row] = await session.rows(compileLayerEvidence(relation, claims))
  const toJoin = config.layers.map(({ name }, index): LayerToJoin => {
    const model = models[index]!
    return { name, model, unused: model ? unusedOf(model, claims[index]!.claim.length === 0) : [] }
  })
  const joined = joinLayers(toJoin)
  const fittedCustomers = models.reduce((sum, model) => sum + (model?.fittedCustomers ?? 0), 0)
  return hybridModel(features, toJoin, joined, fittedCustomers, {
    method: 'hybrid',
    combine: 'precedence',
    layers: claims.map(({ name, claim }, i) => ({ name, claim, model: models[i]!, numbers: joined.numbers[i]! })),
    cells: null,
    columns: columnsIn(
      claims.map(({ claim }) => claim),
      readable,
    ),
    evidence: readLayerEvidence(claims, row!, counts),
  })
}

/** A layer of rules that takes only those of whom one is true has nobody of whom none is. */
function unusedOf({ parameters }: LayerModel, takesEverybody: boolean): readonly number[] {
  return parameters.method === 'rules' && !takesEverybody ? [parameters.rules.length] : []
}
