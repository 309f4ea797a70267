import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeValues } from '../../../src/stages/features/made-values.ts'
import { fitPeers, gapToPeers } from '../../../src/stages/features/peer-gap.ts'

/** Category of each customer, by position in `names`; -1: none. */
const fit = (spend: readonly number[], codes: readonly number[], names: readonly string[], minPeers: number) =>
  fitPeers(Float64Array.from(spend), Int32Array.from(codes), names, minPeers)

describe('benchmarks of peers', () => {
  it('are the 90 % quantile of each large category, and one of all small ones together', () => {
    // By hand, type 7: of 10 20 30 position 1.8 is 28; of 1 2 3 5 8 (toys 1 2, books 3 5 8 … both small) position 3.6 is 6.8.
    const spend = [10, 1, 20, 3, 30, 2, 5, 8, 40]
    const codes = [0, 1, 0, 2, 0, 1, 2, 2, -1]
    expect(fit(spend, codes, ['wine', 'toys', 'books'], 3)).toEqual({
      categories: ['books', 'wine'],
      benchmarks: [expect.closeTo(7.4, 12), expect.closeTo(28, 12)],
      // Toys alone are two customers, too few: everybody with a category, 1 2 3 5 8 10 20 30, position 6.3.
      pooled: expect.closeTo(23, 12),
    })
    const { categories, pooled } = fit([...spend, 4], [...codes, 3], ['wine', 'toys', 'books', 'tea'], 3)
    expect(categories).toEqual(['books', 'wine'])
    // Toys and tea together: 1 2 4, position 1.8.
    expect(pooled).toBeCloseTo(3.6, 12)
  })

  it('stand for categories that come later, are never below a gap of 0, and know nothing of a customer without a category', () => {
    const peers = { categories: ['wine'], benchmarks: [28], pooled: 6 }
    expect([...gapToPeers(Float64Array.of(10, 30, 5, -2, 9), ['wine', 'wine', 'new', 'toys', null], peers)]).toEqual([
      18,
      0,
      1,
      8,
      NaN,
    ])
  })

  it('do not depend on the order of customers or on which category was seen first', () => {
    const customers = fc.array(
      fc.tuple(fc.integer({ min: -50, max: 900 }), fc.constantFrom('a', 'b', '__proto__', null)),
    )
    const fitRows = (rows: readonly (readonly [number, string | null])[], minPeers: number) => {
      const names = [...new Set(rows.flatMap(([, name]) => (name === null ? [] : [name])))]
      return fit(
        rows.map(([spend]) => spend),
        rows.map(([, name]) => (name === null ? -1 : names.indexOf(name))),
        names,
        minPeers,
      )
    }
    fc.assert(
      fc.property(customers, fc.integer({ min: 1, max: 6 }), (rows, minPeers) => {
        expect(fitRows(rows.toReversed(), minPeers)).toEqual(fitRows(rows, minPeers))
      }),
    )
  })

  it('are kept with the model: making values of other customers uses them and fits nothing', async () => {
    const made = {
      ...{ name: 'potentialValue', feature: 'potentialValue' },
      by: { kind: 'peers', peers: { categories: ['wine'], benchmarks: [28], pooled: 6 } },
    } as const
    const columns = {
      'potentialValue:spend': Float64Array.of(8, 1_000, 0),
      'potentialValue:category': ['wine', 'wine', null],
    }
    const nothing = { forecastRepeatBuying: () => Promise.reject(new Error('nothing is forecast')) }
    // By hand: 28 − 8; above the benchmark; no category.
    expect((await makeValues([made], columns, nothing)).map((values) => [...values])).toEqual([[20, 0, NaN]])
  })
})
