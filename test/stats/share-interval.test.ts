import { describe, expect, it } from 'vitest'
import { shareInterval } from '../../src/stats/share-interval.ts'

describe('shareInterval', () => {
  // scipy 1.16: binomtest(k, n).proportion_ci(method='wilson')
  it.each([
    [0, 50, 0, 0.07134759913335872],
    [7, 60, 0.0576772064005603, 0.2217878802417086],
    [123, 1000, 0.10407414325107296, 0.1448112326470356],
    [40, 40, 0.9123783988027133, 1],
  ])('is that of scipy for %i of %i', (count, size, lower, upper) => {
    const found = shareInterval(count, size)
    expect(found.lower).toBeCloseTo(lower, 12)
    expect(found.upper).toBeCloseTo(upper, 12)
  })

  it('is nothing wide when everybody was looked at, and narrows on the way there', () => {
    expect(shareInterval(7, 60, 1)).toEqual({ lower: 7 / 60, upper: 7 / 60 })
    const [part, most] = [shareInterval(7, 60, 0.1), shareInterval(7, 60, 0.9)]
    expect(most.upper - most.lower).toBeLessThan(part.upper - part.lower)
    // Wilson with n = 60 / (1 - 0.75) = 240, by hand: the same as 28 of 240.
    const quarter = shareInterval(7, 60, 0.75)
    expect(quarter.upper).toBeCloseTo(shareInterval(28, 240).upper, 12)
  })
})
