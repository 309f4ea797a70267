import { describe, expect, it } from 'vitest'
import { kpiCatalogue } from '../../src/kpi/catalogue/catalogue.ts'
import { segmentCampaigns } from '../../src/kpi/campaigns.ts'
import { segmentKpis, type SegmentSums } from '../../src/kpi/segment-kpis.ts'
import type { SegmentKpi } from '../../src/run/segment-kpi.ts'

const q3 = { name: '2026-Q3', start: '2026-07-01T00:00:00Z', end: '2026-10-01T00:00:00Z' }

/** So many of so many customers in each segment. */
const shares = (of: Readonly<Record<string, readonly [number, number]>>): readonly SegmentKpi[] => {
  const cells = Object.entries(of).map(([segmentKey, [count, size]]): SegmentSums => {
    const [x, y] = [BigInt(count), BigInt(size)]
    return { kpi: 'conversion', period: 0, segmentKey, sums: { n: y, x, y, xx: x, xy: x, yy: y } }
  })
  return segmentKpis(cells, { entries: kpiCatalogue, periods: [q3], currency: 'EUR', leads: ['conversion'] })
}
const isShown = (rows: readonly SegmentKpi[]): Readonly<Record<string, boolean>> =>
  Object.fromEntries(rows.map(({ segmentKey, value }) => [segmentKey ?? 'all', value !== null]))

describe('segmentKpis', () => {
  it('has a row for all customers and one a segment that has any', () => {
    const rows = shares({ 'shop-1': [30, 50], 'shop-2': [20, 80], 'shop-3': [0, 0] })
    expect(rows.map(({ segmentKey, value, customers }) => [segmentKey, value, customers])).toEqual([
      [null, 50 / 130, 130],
      ['shop-1', 0.6, 50],
      ['shop-2', 0.25, 80],
    ])
    expect(rows.map(({ difference }) => difference)).toEqual([
      null,
      expect.closeTo(0.35, 12),
      expect.closeTo(-0.35, 12),
    ])
    expect(rows.every(({ isLead, unit }) => isLead && unit === 'share')).toBe(true)
  })

  it('shows nothing of fewer than five customers, nor what would tell it', () => {
    const four = shares({ 'shop-1': [30, 50], 'shop-2': [20, 80], 'shop-3': [4, 4] })
    expect(isShown(four)).toEqual({ all: false, 'shop-1': true, 'shop-2': true, 'shop-3': false })
    expect(four.every(({ difference }) => difference === null)).toBe(true)
    expect(four.filter(({ isSuppressed }) => isSuppressed).every(({ customers }) => customers === null)).toBe(true)
    expect(isShown(shares({ 'shop-1': [30, 50], 'shop-3': [4, 5] }))).toEqual({
      all: true,
      'shop-1': true,
      'shop-3': true,
    })
    // Together they are seven: of neither of them can be told what it did.
    const two = shares({ 'shop-1': [30, 50], 'shop-2': [3, 3], 'shop-3': [4, 4] })
    expect(isShown(two)).toEqual({ all: true, 'shop-1': true, 'shop-2': false, 'shop-3': false })
  })
})

describe('segmentCampaigns', () => {
  const context = { hasCost: true, isAttributed: true, currency: 'EUR' }
  const of = (segmentKey: string, customers: bigint, responses: bigint) => {
    return { segmentKey, campaign: 'mail', customers, responses, cost: customers * 50n, attributed: responses * 1_000n }
  }

  it('gives rates their intervals and what comes back for what was spent', () => {
    const [all, first] = segmentCampaigns([of('shop-2', 80n, 20n), of('shop-1', 50n, 30n)], context)
    expect(all).toMatchObject({ segmentKey: null, customers: 130, responses: 50, cost: 65, attributed: 500 })
    expect(first).toMatchObject({
      segmentKey: 'shop-1',
      responseRate: 0.6,
      returnOnSpend: 300 / 25,
      isSuppressed: false,
    })
    // Wilson: statsmodels 0.14.5, proportion_confint(30, 50, method='wilson').
    expect(first!.lower).toBeCloseTo(0.4618143774758935, 9)
    expect(first!.upper).toBeCloseTo(0.7239161026974344, 9)
  })

  it('shows nothing of fewer than five customers, nor the sum that would tell it', () => {
    const rows = segmentCampaigns([of('shop-1', 50n, 30n), of('shop-2', 3n, 1n)], context)
    expect(rows.map(({ customers, isSuppressed }) => [customers, isSuppressed])).toEqual([
      [null, true],
      [50, false],
      [null, true],
    ])
  })
})
