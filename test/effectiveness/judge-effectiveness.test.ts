import { describe, expect, it } from 'vitest'
import { targetingGain } from '../../src/effectiveness/gain.ts'
import { judgeEffectiveness, type JudgedCustomers } from '../../src/effectiveness/judge-effectiveness.ts'
import { rfmQuintiles } from '../../src/effectiveness/rfm-quintiles.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const SEGMENTS = 4

/** Customers whose segment says how likely they order and how much they spend then. */
function planted(count: number, shuffled: boolean): JudgedCustomers {
  const draw = uniformDraws(3)
  const truth = Int32Array.from({ length: count }, () => Math.floor(draw() * SEGMENTS))
  const orders = Float64Array.from(truth, (segment) =>
    draw() < [0.03, 0.2, 0.75, 0.98][segment]! ? 1 + Math.floor(draw() * 3) : 0,
  )
  const spend = orders.map((of, i) => of * [10, 30, 80, 200][truth[i]!]! * (0.5 + draw()))
  const pastSpend = Float64Array.from(truth, (segment) => [40, 100, 400, 2_000][segment]! * (0.5 + draw()))
  const labels = shuffled ? truth.map(() => Math.floor(draw() * SEGMENTS)) : truth
  const segments = { labels, groupCount: SEGMENTS }
  return {
    ...{ segments, laterSegments: segments, spend, orders, pastSpend, coverage: 1 },
    pastOrders: Float64Array.from(truth, () => 1 + Math.floor(draw() * 5)),
    lastOrder: Float64Array.from(truth, () => draw()),
  }
}

describe('judgeEffectiveness', () => {
  it('is high where segments explain what came, and near zero where the labels are shuffled', () => {
    const good = judgeEffectiveness(planted(3_000, false))
    expect(good.index).toBeGreaterThan(80)
    expect(good.band).toBe('high')
    expect(good.permutationP).toBe(1 / 200)
    const chance = judgeEffectiveness(planted(3_000, true))
    expect(chance.index).toBeLessThan(5)
    expect(chance.band).toBe('low')
    // As stable and as complete as the good ones: that alone is worth nothing.
    expect(chance.parts).toMatchObject({ stability: 1, coverage: 1 })
    expect(chance.permutationP).toBeGreaterThan(0.05)
  })

  it('compares with plain RFM quintiles of what was known before', () => {
    // What they spent before tells what they spend: so do its quintiles, without any segments.
    const { parts, rfm } = judgeEffectiveness(planted(3_000, true))
    expect(rfm.spendExplained).toBeGreaterThan(0.4)
    expect(parts.spendExplained).toBeLessThan(0.02)
  })

  it('falls with coverage, and with segments that customers do not stay in', () => {
    const all = planted(1_000, false)
    const whole = judgeEffectiveness(all).index!
    expect(judgeEffectiveness({ ...all, coverage: 0.5 }).index).toBeCloseTo(whole / 2, 9)
    const draw = uniformDraws(9)
    const labels = all.segments.labels.map(() => Math.floor(draw() * SEGMENTS))
    const restless = judgeEffectiveness({ ...all, laterSegments: { labels, groupCount: SEGMENTS } }).index!
    expect(restless).toBeGreaterThan(whole * 0.49)
    expect(restless).toBeLessThan(whole * 0.53)
  })

  it('has no index where nothing came', () => {
    const nothing = { spend: new Float64Array(1_000), orders: new Float64Array(1_000) }
    const found = judgeEffectiveness({ ...planted(1_000, false), ...nothing })
    expect(found.parts).toMatchObject({ spendExplained: null, conversionExplained: null, targetingGain: null })
    expect(found).toMatchObject({ index: null, band: null })
  })
})

describe('targetingGain', () => {
  const labels = Int32Array.of(0, 0, 1, 1)
  it('is the area between the curve of gains and the diagonal, over that of the best order: by hand', () => {
    // Segment 1 first: areas 0.5 × 2 × 30 + 2 × (30 + 0) = 90; best first 20: 10 + 25 + 30 + 30 = 95; at random 60.
    expect(
      targetingGain(Float64Array.of(0, 0, 10, 20), Float64Array.of(1, 1, 2, 2), { labels, groupCount: 2 }),
    ).toBeCloseTo(30 / 35, 12)
    // The other way about it is as much worse than chance.
    expect(
      targetingGain(Float64Array.of(0, 0, 10, 20), Float64Array.of(2, 2, 1, 1), { labels, groupCount: 2 }),
    ).toBeCloseTo(-30 / 35, 12)
  })

  it('tells nothing where nothing came, or the same of all', () => {
    expect(targetingGain(new Float64Array(4), Float64Array.of(1, 1, 2, 2), { labels, groupCount: 2 })).toBeNull()
    expect(
      targetingGain(new Float64Array(4).fill(2), Float64Array.of(1, 1, 2, 2), { labels, groupCount: 2 }),
    ).toBeNull()
  })
})

describe('rfmQuintiles', () => {
  it('puts a fifth into each part, and equal values into one', () => {
    const ranks = Float64Array.from({ length: 100 }, (_, i) => i)
    const alike = new Float64Array(100)
    const { labels, groupCount } = rfmQuintiles([ranks, alike, alike])
    expect(groupCount).toBe(125)
    expect([...Map.groupBy(labels, (label) => label).values()].map(({ length }) => length)).toEqual([
      20, 20, 20, 20, 20,
    ])
  })
})
