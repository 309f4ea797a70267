import { describe, expect, it } from 'vitest'
import { compareTrials } from '../../src/effectiveness/compare-trials.ts'
import type { JudgedCustomers } from '../../src/effectiveness/judge-effectiveness.ts'
import { poissonWeight } from '../../src/stats/poisson-weight.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

describe('the weights of a Poisson bootstrap', () => {
  it('are of mean and variance 1, and of one unit in two resamples, or two units in one, apart', () => {
    const count = 50_000
    const of = (resample: number, offset = 0): number[] =>
      Array.from({ length: count }, (_, key) => poissonWeight(key + offset, resample))
    const [first, second, others] = [of(0), of(1), of(0, count)]
    const mean = first.reduce((sum, one) => sum + one, 0) / count
    // One standard error is 0.0045 of the mean; that of the variance √(3 ÷ 50,000) = 0.0077.
    expect(Math.abs(mean - 1)).toBeLessThan(0.02)
    expect(Math.abs(first.reduce((sum, one) => sum + (one - 1) ** 2, 0) / count - 1)).toBeLessThan(0.03)
    for (const other of [second, others]) {
      const together = first.reduce((sum, one, i) => sum + (one - 1) * (other[i]! - 1), 0) / count
      expect(Math.abs(together)).toBeLessThan(0.02)
    }
    expect(of(0)).toEqual(first)
    // e⁻¹ of all are in none: by hand.
    expect(first.filter((one) => one === 0).length / count).toBeCloseTo(Math.exp(-1), 2)
  })
})

const COUNT = 800
const keys = Int32Array.from({ length: COUNT }, (_, i) => i * 7919)

/** @param wrong share of customers whose segment says nothing of what they will do */
function planted(wrong: number, seed: number): JudgedCustomers {
  const world = uniformDraws(3)
  const truth = Int32Array.from({ length: COUNT }, () => Math.floor(world() * 4))
  const orders = Float64Array.from(truth, (segment) => (world() < [0.05, 0.2, 0.7, 0.95][segment]! ? 1 : 0))
  const spend = orders.map((of, i) => of * [10, 30, 80, 200][truth[i]!]! * (0.5 + world()))
  const pastSpend = Float64Array.from(truth, (segment) => [40, 100, 400, 2_000][segment]! * (0.5 + world()))
  const draw = uniformDraws(seed)
  const labels = truth.map((segment) => (draw() < wrong ? Math.floor(draw() * 4) : segment))
  const segments = { labels, groupCount: 4 }
  const zeros = new Float64Array(COUNT)
  return {
    segments,
    laterSegments: segments,
    spend,
    orders,
    pastSpend,
    pastOrders: zeros,
    lastOrder: zeros,
    coverage: 1,
  }
}

describe('trials', () => {
  it('name the best, surely where the others tell much less and not where they tell about as much', () => {
    const trials = [planted(0.02, 11), planted(0, 12), planted(0.6, 13)].map((judged) => ({ judged, keys }))
    const { best, differences } = compareTrials(trials)
    const [close, own, poor] = differences
    expect(best === 0 || best === 1).toBe(true)
    expect([close, own].filter((one) => one!.isSure)).toEqual([])
    expect(poor).toMatchObject({ isSure: true })
    expect(poor!.lower).toBeGreaterThan(0)
    expect(poor!.upper).toBeGreaterThan(poor!.difference!)
  })

  it('differ by nothing from themselves, customer by customer', () => {
    const judged = planted(0.3, 5)
    const twin = compareTrials([
      { judged, keys },
      { judged, keys },
    ])
    expect(twin.best).toBe(0)
    // Paired: the same customers are drawn in both.
    expect(twin.differences[1]).toEqual({ difference: 0, lower: 0, upper: 0, isSure: false })
  })

  it('have no best where nothing came', () => {
    const nothing = { ...planted(0, 5), spend: new Float64Array(COUNT), orders: new Float64Array(COUNT) }
    expect(compareTrials([{ judged: nothing, keys }])).toMatchObject({
      best: null,
      differences: [{ difference: null }],
    })
  })

  it('of segments by lot are hardly ever surely apart: at most 5 in 100, with 2 standard errors', () => {
    let sure = 0
    const rounds = 20
    for (let round = 0; round < rounds; round++) {
      const pair = [planted(1, 100 + 2 * round), planted(1, 101 + 2 * round)].map((judged) => ({ judged, keys }))
      if (compareTrials(pair).differences.some(({ isSure }) => isSure)) sure++
    }
    expect(sure / rounds).toBeLessThan(0.05 + 2 * Math.sqrt((0.05 * 0.95) / rounds))
  })
})
