import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { rfmConfig, rfmDimensions } from '../../../src/stages/cluster/rfm/config.ts'
import type { RfmDimension } from '../../../src/stages/cluster/rfm/config.ts'
import { compileScored, fitCuts } from '../../../src/stages/cluster/rfm/fit-cuts.ts'
import { placeScores } from '../../../src/stages/cluster/rfm/place-scores.ts'
import { tiersConfig } from '../../../src/stages/cluster/tiers/config.ts'
import { fitTiers } from '../../../src/stages/cluster/tiers/fit-tiers.ts'
import type { TierParameters } from '../../../src/stages/cluster/tiers/fit-tiers.ts'
import { placeInTiers } from '../../../src/stages/cluster/tiers/place-in-tiers.ts'
import { compileValueCounts } from '../../../src/stages/cluster/value-counts.ts'
import type { ValueCounts } from '../../../src/stages/cluster/value-counts.ts'
import { hasOnlineRetail, onlineRetailFile, onlineRetailRaw } from '../cleanse/online-retail.ts'
import { openSession } from '../engine-session.ts'

/** What pandas says; online-retail-value.py makes it. */
interface Pandas {
  readonly customers: number
  readonly cuts: Readonly<Record<RfmDimension, readonly number[]>>
  readonly scores: Readonly<Record<string, number>>
  readonly groups: Readonly<Record<string, number>>
  readonly abc: {
    readonly bounds: readonly number[]
    readonly sizes: Readonly<Record<string, number>>
    readonly shares: Readonly<Record<string, number>>
  }
  readonly deciles: {
    readonly sizes: Readonly<Record<string, number>>
    readonly mills: Readonly<Record<string, number>>
  }
  readonly pyramid: { readonly cuts: readonly number[]; readonly sizes: readonly number[] }
}
const pandas = JSON.parse(readFileSync(join(import.meta.dirname, 'online-retail-value.json'), 'utf8')) as Pandas

describe.skipIf(!hasOnlineRetail)('the customers of Online Retail are as pandas says', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  let values: Record<RfmDimension, Float64Array>

  beforeAll(async () => {
    ;({ session, close } = await openSession([onlineRetailFile]))
    await session.execute(`
      CREATE TABLE customers AS
      SELECT customer_id, CAST(count(DISTINCT order_id) AS DOUBLE) AS frequency, CAST(sum(amount) AS DOUBLE) AS monetary,
        CAST(date_diff('day', max(CAST(timezone('Europe/London', timezone('UTC', occurred_at)) AS DATE)), DATE '2011-12-10') AS DOUBLE) AS recency
      FROM (${onlineRetailRaw})
      WHERE customer_id IS NOT NULL AND order_id NOT LIKE 'C%' AND quantity > 0 AND unit_price > 0
      GROUP BY customer_id`)
    const { columns } = await session.columns('SELECT recency, frequency, monetary FROM customers ORDER BY customer_id')
    values = columns as unknown as typeof values
  })
  afterAll(() => close())

  async function countsOf(name: string, relation = 'customers'): Promise<ValueCounts> {
    const { columns } = await session.columns(compileValueCounts(relation, name))
    return { values: columns.value as Float64Array, customers: columns.customers as Int32Array }
  }

  const tally = (keys: readonly string[]): Record<string, number> => {
    const sizes: Record<string, number> = {}
    for (const key of keys) sizes[key] = (sizes[key] ?? 0) + 1
    return sizes
  }

  it('in every cut, every score and every group of RFM', async () => {
    const config = rfmConfig.parse({ method: 'rfm' })
    const scored = compileScored('customers', config)
    const counts = {
      recency: await countsOf('recency', scored),
      frequency: await countsOf('frequency', scored),
      monetary: await countsOf('monetary', scored),
    }
    const parameters = fitCuts(config, counts, null, 0)
    for (const name of rfmDimensions)
      parameters.dimensions[name].cuts.forEach((cut, index) => expect(cut).toBeCloseTo(pandas.cuts[name][index]!, 8))
    const { cluster, scores } = placeScores(values, parameters)
    expect(cluster).toHaveLength(pandas.customers)
    const code = (i: number): string => rfmDimensions.map((name) => scores[name][i]).join('')
    expect(tally(Array.from(cluster, (_, i) => code(i)))).toEqual(pandas.scores)
    expect(tally(Array.from(cluster, (group) => parameters.groups[group]!.key))).toEqual(pandas.groups)
  })

  async function tiersOf(
    by: unknown,
  ): Promise<{ parameters: TierParameters; cluster: Int32Array; totals: readonly number[] }> {
    const config = tiersConfig.parse({ method: 'tiers', feature: 'monetary', by })
    const parameters = fitTiers(config, await countsOf('monetary'), 0, null)
    const { cluster } = placeInTiers(values.monetary, parameters)
    const totals = parameters.tiers.map(() => 0)
    cluster.forEach((tier, i) => (totals[tier]! += Math.round(values.monetary[i]! * 1000)))
    return { parameters, cluster, totals }
  }

  it('in ABC, bounds, sizes and shares of the total', async () => {
    const { parameters, cluster, totals } = await tiersOf('abc')
    expect(parameters.cuts).toEqual(pandas.abc.bounds.toReversed())
    expect(tally(Array.from(cluster, (tier) => 'ABC'[tier]!))).toEqual(pandas.abc.sizes)
    const all = totals.reduce((sum, one) => sum + one, 0)
    totals.forEach((total, tier) => expect(total / all).toBeCloseTo(pandas.abc.shares['ABC'[tier]!]!, 12))
  })

  it('in deciles, sizes and totals', async () => {
    const { cluster, totals } = await tiersOf('deciles')
    expect(tally(Array.from(cluster, (tier) => String(tier + 1)))).toEqual(pandas.deciles.sizes)
    expect(totals).toEqual(Object.values(pandas.deciles.mills))
  })

  it('in the pyramid of 1, 4, 15 and 80 % of the customers', async () => {
    const { parameters, cluster } = await tiersOf({ ofCustomers: [0.01, 0.04, 0.15, 0.8] })
    parameters.cuts.forEach((cut, index) => expect(cut).toBeCloseTo(pandas.pyramid.cuts[index]!, 8))
    expect(Object.values(tally(Array.from(cluster, String)))).toEqual(pandas.pyramid.sizes)
  })

  it('in the share of the total that the best 20 % make, which the guide to the data gives as 74.62 %', async () => {
    const { parameters } = await tiersOf({ ofCustomers: [0.2, 0.8] })
    const { totalShare } = placeInTiers(Float64Array.of(parameters.cuts[0]!), parameters)
    expect(totalShare[0]).toBeCloseTo(0.7462, 3)
  })
})
