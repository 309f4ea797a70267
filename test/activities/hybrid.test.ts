import { describe, expect, it } from 'vitest'
import { planOf } from './candidate-bench.ts'
import type { Customer } from './candidate-bench.ts'
import { customers, layers, precedence, features, modelOf, parametersOf, sizes } from './hybrid-cases.ts'
import { openBench, publish, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const bench = await openBench()

describe('hybrid, by precedence', { timeout: 60_000 }, () => {
  it('gives each customer to the first layer that takes it; the last one takes everybody left', async () => {
    const ran = await validate(bench, planOf({ features, cluster: precedence }), customers)
    const whales = customers.filter(([, , , monetary]) => (monetary ?? 0) >= 3_500).length
    const byLayer = Map.groupBy(ran.rows, ({ layer }) => layer)
    expect([...byLayer].map(([name, rows]) => [name, rows.length]).sort()).toEqual([
      ['key-accounts', whales],
      ['rest', 200 - whales],
      ['sleeping', 100],
    ])
    // A rule that is true of nobody stays a segment; those of whom no rule is true are no segment of this layer.
    expect(sizes(ran)).toMatchObject({ 'key-accounts/whales': whales, 'key-accounts/nobody': 0 })
    expect(Object.keys(sizes(ran)).filter((key) => key.startsWith('key-accounts/'))).toHaveLength(2)
    expect(parametersOf(ran).evidence.layers).toEqual([
      { name: 'key-accounts', wanted: whales, taken: whales },
      { name: 'sleeping', wanted: 100, taken: 100 },
      { name: 'rest', wanted: 300, taken: 200 - whales },
    ])
    // Scores are those of the tiers, and only for whom they were made.
    expect(ran.validation.outputs.layers).toEqual(['key-accounts', 'sleeping', 'rest'])
    expect(ran.rows.filter((row) => row.score_1 !== null).length).toBe(100)
  })

  it('counts customers that two layers with conditions would have', async () => {
    const overlapping = {
      ...precedence,
      layers: [layers[0], { ...layers[1], when: 'recency >= 300 or monetary >= 3700' }, layers[2]],
    }
    const ran = await validate(bench, planOf({ features, cluster: overlapping }), customers)
    const both = customers.filter(([, , , monetary]) => (monetary ?? 0) >= 3_700).length
    expect(both).toBeGreaterThan(0)
    expect(parametersOf(ran).evidence).toMatchObject({
      conflicts: [{ first: 'key-accounts', second: 'sleeping', customers: both }],
      layers: [{}, { wanted: 100 + both, taken: 100 }, {}],
    })
  })

  it('places everybody the same for any shards and order of rows, and again from the published model', async () => {
    const [one, three] = [
      planOf({ features, cluster: precedence }),
      planOf({ features: features.toReversed(), cluster: precedence, revision: 2 }),
    ]
    const first = await validate(bench, one, customers)
    const other = await validate(bench, three, customers.toReversed(), 3)
    const told = ({ rows }: Validated) =>
      rows.map(({ customer_id, segment_key, layer, confidence, score_1 }) => [
        customer_id,
        segment_key,
        layer,
        confidence,
        score_1,
      ])
    expect(told(other)).toEqual(told(first))
    publish(bench, one, first)
    const again = await validate(bench, planOf({ features, cluster: precedence, runKey: 'shop@2026-10-01' }), customers)
    expect(again.validation).toMatchObject({ moved: 0, panel: 300 })
    expect(sizes(again)).toEqual(sizes(first))
  })

  it('calls a customer who comes into another layer one who behaves differently', async () => {
    const plan = planOf({ features, cluster: precedence })
    const first = await validate(bench, plan, customers)
    publish(bench, plan, first)
    const [rich, , monetary] = [customers[0]![0], 0, 3_000]
    const now = customers.map((one) => (one[0] === rich ? ([rich, 330, 1, monetary] as const) : one))
    const second = await validate(bench, planOf({ features, cluster: precedence, runKey: 'shop@2026-10-01' }), now)
    expect(second.rows.find((row) => row.customer_id === rich)).toMatchObject({
      layer: 'sleeping',
      move_reason: 'behaviour',
    })
  })

  it('leaves out a layer that nobody is left for, and refuses a last one without customers', async () => {
    const [rules, tiers, kmeans] = layers
    const idle = { ...precedence, layers: [rules, { ...tiers, when: 'recency > 9999' }, kmeans] }
    const ran = await validate(bench, planOf({ features, cluster: idle }), customers)
    expect(parametersOf(ran).layers[1]).toMatchObject({ name: 'sleeping', model: null })
    const all = { ...precedence, layers: [{ ...tiers, when: 'recency >= 0' }, kmeans] }
    await expect(validate(bench, planOf({ features, cluster: all }), customers)).rejects.toThrow(
      'No customer is left for layer rest: the layers before it take everybody.',
    )
  })

  it.each([
    [
      'hierarchy',
      {
        levels: [
          { name: 'macro', count: 2, minimumCustomers: 20 },
          { name: 'micro', count: 4, minimumCustomers: 10 },
        ],
      },
    ],
    ['mixture', { count: 2 }],
    ['mixed', { count: 2 }],
  ])('takes a layer of %s, alone and crossed, and places everybody where they were', async (method, keys) => {
    const channels = customers.map((one, i) => [...one.slice(0, 4), i % 2 ? 'web' : 'shop'] as unknown as Customer)
    const named = [...features, 'preferredChannel']
    const likeness = { name: 'likeness', method, ...keys }
    const rest = { method: 'hybrid', layers: [layers[0], likeness] }
    const activity = { name: 'activity', method: 'rules', rules: [{ name: 'Active', when: 'recency < 300' }] }
    const crossed = { method: 'hybrid', combine: 'cross', layers: [activity, likeness], minimumSize: 5 }
    for (const [index, cluster] of [rest, crossed].entries()) {
      bench.published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
      const plan = planOf({ features: named, cluster, revision: index + 1 })
      const first = await validate(bench, plan, channels)
      const primary = first.validation.segments.filter(({ level }) => level === 0)
      expect(primary.reduce((sum, segment) => sum + segment.customers, 0)).toBe(300)
      expect(parametersOf(first).layers[1]!.model).toMatchObject({ method })
      // Upper levels are memberships beside, under the name of their layer.
      if (method === 'hierarchy') expect(first.validation.outputs.also.length).toBeGreaterThan(0)
      publish(bench, plan, first)
      const next = planOf({ features: named, cluster, runKey: 'shop@2026-10-01' })
      const again = await validate(bench, next, channels, 2)
      expect(again.validation).toMatchObject({ moved: 0, panel: 300 })
    }
  })

  it('forms the groups of a layer by the features that it names', async () => {
    const rest = { ...layers[2], features: ['recency'] }
    const cluster = { method: 'hybrid', layers: [layers[0], rest] }
    const ran = await validate(bench, planOf({ features, cluster }), customers)
    const [, own] = parametersOf(ran).layers
    expect(own!.model!.features!.features.map(({ name }) => name)).toEqual(['recency'])
    // By recency alone the lapsed stand apart from everybody else.
    const lapsed = new Set(customers.filter(([, recency]) => recency >= 300).map(([id]) => id))
    const keys = (isLapsed: boolean) =>
      new Set(
        ran.rows
          .filter((row) => row.layer === 'rest' && lapsed.has(String(row.customer_id)) === isLapsed)
          .map((row) => row.segment_key),
      )
    expect(keys(true).size).toBe(1)
    expect([...keys(true)].some((key) => keys(false).has(key))).toBe(false)
  })

  it('lets gates see what the fits of layers found', async () => {
    const ran = await validate(bench, planOf({ features, cluster: precedence }), customers)
    const gates = Object.fromEntries(
      ran.validation.checks.map(({ gate, outcome, value }) => [gate, { outcome, value }]),
    )
    expect(gates.stability!.value).toBeGreaterThan(0.75)
    expect(gates.clusterability!.value).toBeGreaterThan(0.5)
    expect(gates.smallestSegment!.outcome).toBe('pass')
    const { evidence, clusters } = modelOf(ran)
    expect(evidence!.jaccards.map((one) => one !== null)).toEqual(clusters.map(({ ownKey }) => ownKey === null))
  })

  it('names the layer that fails', async () => {
    const few = {
      ...precedence,
      layers: [
        { ...layers[1], when: 'recency < 335' },
        { ...layers[2], count: 50 },
      ],
    }
    const failed = validate(bench, planOf({ features, cluster: few }), customers)
    await expect(failed).rejects.toMatchObject({
      type: 'TooFewCustomers',
      message: expect.stringMatching(/^Layer rest: /) as string,
    })
  })
})
