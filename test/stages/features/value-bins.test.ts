import { describe, expect, it } from 'vitest'
import { countValues, fittedCounts } from '../../../src/stages/features/count-values.ts'
import { fitCategory } from '../../../src/stages/features/fit-category.ts'
import { fitNumber } from '../../../src/stages/features/fit-number.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import { addShares, countInBins, fitBins } from '../../../src/stages/features/value-bins.ts'

describe('bins of values (by hand)', () => {
  it('hold a tenth of the customers each, and count nulls and what lies outside apart', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i)
    const bins = fitBins(values, 104)
    expect(bins.edges).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    expect(bins.customers).toEqual([11, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0, 3])
    expect(countInBins(Float64Array.of(-1, 0, 10, 11, 100, 101, NaN), bins)).toEqual([
      2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1,
    ])
  })

  it('are the same in whatever order the values come', () => {
    const sorted = Float64Array.from({ length: 1_001 }, (_, i) => i)
    const mixed = Float64Array.from({ length: 1_001 }, (_, i) => (i * 7_919) % 1_001)
    expect(fitBins(mixed, 1_001)).toEqual(fitBins(sorted, 1_001))
    const [spec] = resolveFeatures(['tenure'])
    const again = Float64Array.from({ length: 1_001 }, (_, i) => (i * 7_919) % 1_001)
    expect(fitNumber(again, new Int32Array(1_001), spec!).bins).toEqual(fitBins(sorted, 1_001))
  })

  it('are fewer where many share a value, and one where all do', () => {
    const bought = Float64Array.of(1, 1, 1, 1, 1, 1, 1, 2, 3, 9)
    const bins = fitBins(bought, 10)
    expect(bins.edges[0]).toBe(1)
    expect(bins.customers.reduce((sum, count) => sum + count, 0)).toBe(10)
    expect(bins.customers[0]).toBe(7)
    const constant = fitBins(Float64Array.of(4, 4, 4), 3)
    expect(constant).toEqual({ minimum: 4, edges: [4], customers: [3, 0, 0] })
    expect(countInBins(Float64Array.of(3, 4, 5), constant)).toEqual([1, 2, 0])
    expect(fitBins(Float64Array.of(), 2).customers).toEqual([0, 2])
  })

  it('of shares are tenths, and add up over pieces', () => {
    const first = addShares(Float64Array.of(0, 0.05, 1))
    const both = addShares(Float64Array.of(NaN, 0.1), first)
    expect(first.customers).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
    expect(both.customers).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1])
  })

  it('of a category are its levels, the pooled ones, those that were not there, and null', () => {
    const [spec] = resolveFeatures([{ preferredChannel: { maxLevels: 2, minShare: 0 } }])
    const counts = ['web', 'web', 'web', 'shop', 'shop', 'fax'].map((value) => ({ value, count: 1 }))
    const merged = ['web', 'shop', 'fax'].map((value) => ({
      value,
      count: counts.filter((one) => one.value === value).length,
    }))
    const fitted = fitCategory([...merged, { value: null, count: 2 }], spec!)
    expect(fittedCounts(fitted)).toEqual([{ name: 'preferredChannel', customers: [3, 2, 1, 0, 2] }])
    const now = ['web', 'fax', 'phone', 'phone', null]
    expect(countValues(fitted, { preferredChannel: now })).toEqual([[1, 0, 1, 2, 1]])
  })

  it('are not known of features that were fitted before they were kept', () => {
    expect(fittedCounts({ kind: 'number', name: 'recency' } as never)).toBeNull()
    expect(fittedCounts({ kind: 'category', name: 'channel' } as never)).toBeNull()
    expect(fittedCounts({ kind: 'composition', name: 'shares', levels: [] } as never)).toBeNull()
  })
})
