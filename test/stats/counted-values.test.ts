import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileSorted } from '../../src/stats/quantile.ts'
import { quantilesOfCounts } from '../../src/stats/quantile-of-counts.ts'
import { runningSums } from '../../src/stats/running-sums.ts'

describe('quantilesOfCounts', () => {
  it('interpolates between ranks as R does', () => {
    // R: quantile(c(1, 2, 2, 2, 10), c(0, .1, .25, .5, .8, .9, 1))
    const values = Float64Array.of(1, 2, 10)
    const counts = Int32Array.of(1, 3, 1)
    const found = quantilesOfCounts(values, counts, [0, 0.1, 0.25, 0.5, 0.8, 0.9, 1])
    ;[1, 1.4, 2, 2, 3.6, 6.8, 10].forEach((expected, index) => expect(found[index]).toBeCloseTo(expected, 12))
  })

  it('is NaN without values', () => {
    expect(quantilesOfCounts(new Float64Array(0), new Int32Array(0), [0.2, 0.8])).toEqual([NaN, NaN])
  })

  it('gives bit for bit what the quantiles of all the single values are', () => {
    const counted = fc.dictionary(fc.integer({ min: -50, max: 50 }).map(String), fc.integer({ min: 1, max: 4 }), {
      minKeys: 1,
    })
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(counted, shares, (byValue, asked) => {
        const entries = Object.entries(byValue).sort(([a], [b]) => Number(a) - Number(b))
        const values = Float64Array.from(entries, ([value]) => Number(value) / 10)
        const counts = Int32Array.from(entries, ([, count]) => count)
        const all = Float64Array.from(
          entries.flatMap(([value, count]) => Array<number>(count).fill(Number(value) / 10)),
        )
        const sorted = asked.toSorted((a, b) => a - b)
        expect(quantilesOfCounts(values, counts, sorted)).toEqual(sorted.map((share) => quantileSorted(all, share)))
      }),
    )
  })
})

describe('runningSums', () => {
  it('keeps what plain addition loses', () => {
    // 1 + 1e100 + 1 − 1e100 is 2; added plainly 0.
    expect([...runningSums(Float64Array.of(1, 1e100, 1, -1e100))]).toEqual([1, 1e100, 1e100, 2])
    expect(runningSums(new Float64Array(10).fill(0.1)).at(-1)).toBe(1)
  })

  it('has nothing to say of nothing', () => {
    expect(runningSums(new Float64Array(0))).toHaveLength(0)
  })
})
