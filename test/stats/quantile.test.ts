import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileSorted, selectQuantile } from '../../src/stats/quantile.ts'

describe('selectQuantile', () => {
  it('is the quantile of the sorted values, whichever quantiles were taken before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 })), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        (values, shares) => {
          const sorted = Float64Array.from(values).sort()
          const unsorted = Float64Array.from(values)
          for (const share of shares)
            expect(selectQuantile(unsorted, share) + 0).toBe(quantileSorted(sorted, share) + 0)
        },
      ),
    )
  })

  it('takes numpy’s quantiles of sorted, reversed, equal and no values', () => {
    // numpy 2.4.6: np.quantile(np.arange(1000.0), [0.005, 0.5, 0.995]).
    const expected = [4.995, 499.5, 994.005]
    const ascending = Float64Array.from({ length: 1000 }, (_, index) => index)
    for (const values of [ascending.slice(), ascending.toReversed()])
      expect([0.005, 0.5, 0.995].map((share) => selectQuantile(values, share))).toEqual(expected)
    expect(selectQuantile(new Float64Array(500).fill(7), 0.3)).toBe(7)
    expect(selectQuantile(new Float64Array(0), 0.5)).toBeNaN()
  })
})
