import { describe, expect, it } from 'vitest'
import { planOf } from './candidate-bench.ts'
import { customers, features, parametersOf, sizes } from './hybrid-cases.ts'
import { openBench, publish, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const bench = await openBench()

describe('hybrid, crossed', { timeout: 60_000 }, () => {
  const crossed = (more: object = {}) => ({
    method: 'hybrid',
    combine: 'cross',
    layers: [
      { name: 'activity', method: 'rules', rules: [{ name: 'Active', when: 'recency < 300' }], otherwise: 'Gone' },
      { name: 'value', method: 'rules', rules: [{ name: 'High', when: 'monetary >= 3500' }], otherwise: 'Low' },
    ],
    ...more,
  })
  const high = customers.filter(([, , , monetary]) => (monetary ?? 0) >= 3_500).length

  it('makes a segment of each combination that is large enough, with each layer’s own beside', async () => {
    const ran = await validate(bench, planOf({ features, cluster: crossed() }), customers)
    expect(sizes(ran)).toEqual({
      'activity/active+value/high': high,
      'activity/active+value/low': 200 - high,
      'activity/gone+value/low': 100,
      'activity/active': 200,
      'activity/gone': 100,
      'value/high': high,
      'value/low': 300 - high,
    })
    expect(ran.validation.segments.map(({ name, level, parentSegmentKey }) => [name, level, parentSegmentKey])).toEqual(
      [
        ['Active · High', 0, 'shop-4'],
        ['Active · Low', 0, 'shop-4'],
        ['Gone · Low', 0, 'shop-5'],
        ['Active', 1, null],
        ['Gone', 1, null],
        ['High', 1, null],
        ['Low', 1, null],
      ],
    )
    expect(ran.validation.outputs.also).toEqual([{ layer: 'activity' }, { layer: 'value' }])
  })

  it('pools combinations below the minimum size, and says how many customers that concerns', async () => {
    const ran = await validate(bench, planOf({ features, cluster: crossed({ minimumSize: high + 1 }) }), customers)
    expect(sizes(ran)).toMatchObject({
      'activity/active+value/low': 200,
      'activity/gone+value/low': 100,
      'value/high': high,
    })
    expect(parametersOf(ran).evidence.pooled).toBe(high)
    const together = crossed({ minimumSize: high + 1, pooled: 'together' })
    const pooled = await validate(bench, planOf({ features, cluster: together, revision: 2 }), customers)
    expect(sizes(pooled)).toMatchObject({ pooled: high, 'activity/active+value/low': 200 - high })
  })

  it('takes any methods, and places everybody again where they were', async () => {
    const cluster = crossed({
      layers: [crossed().layers[0], { name: 'likeness', method: 'kmeans', count: 3 }],
      minimumSize: 10,
    })
    const plan = planOf({ features, cluster })
    const first = await validate(bench, plan, customers)
    publish(bench, plan, first)
    const again = await validate(bench, planOf({ features, cluster, runKey: 'shop@2026-10-01' }), customers, 2)
    expect(again.validation).toMatchObject({ moved: 0, panel: 300 })
    const combinations = ({ validation }: Validated) =>
      validation.segments.filter(({ level }) => level === 0).map(({ segmentKey, customers: n }) => [segmentKey, n])
    expect(combinations(again)).toEqual(combinations(first))
  })

  it('moves a customer whom a person puts elsewhere into what holds the new segment', async () => {
    const lapsed = customers[1]![0]
    const overrides = [{ customer: lapsed, segment: 'Active · Low', reason: 'Bought by telephone', author: 'anna' }]
    const ran = await validate(bench, planOf({ features, cluster: crossed(), overrides }), customers)
    const keyOf = (name: string) => ran.validation.segments.find((one) => one.name === name)!.segmentKey
    expect(ran.rows.find((row) => row.customer_id === lapsed)).toMatchObject({
      segment_key: keyOf('Active · Low'),
      next_segment_key: keyOf('Gone · Low'),
      layer: 'override',
      also_1: keyOf('Active'),
      also_2: null,
    })
    expect(sizes(ran)).toMatchObject({ 'activity/active': 201, 'activity/gone': 99 })
  })

  it('refuses a minimum that no combination has', async () => {
    await expect(
      validate(bench, planOf({ features, cluster: crossed({ minimumSize: 1_000 }) }), customers),
    ).rejects.toThrow('No combination of layers has 1000 customers')
  })
})
