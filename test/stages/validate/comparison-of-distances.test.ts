import { describe, expect, it } from 'vitest'
import { addSpread, compareSpread, openSpread } from '../../../src/stages/validate/comparison/compare-centres.ts'
import { compareFeatures } from '../../../src/stages/validate/comparison/compare-features.ts'
import { compareMargins, marginSubjects } from '../../../src/stages/validate/comparison/compare-margins.ts'
import { remarksOf } from '../../../src/stages/validate/comparison/remarks.ts'

describe('how tightly segments hold their customers', () => {
  // By hand: on a line at 1, 9 and 4 the nearest of 0 and 10 is at squared distances 1, 1, 16; the middle of 1 and 9 is 5, of 4 alone 4.
  it('is the mean squared distance to their own middle, next to that to the nearest live centre', () => {
    const sums = openSpread(2, 1)
    addSpread(sums, Float64Array.of(1, 9), Int32Array.of(0, 0), [[0], [10]])
    addSpread(sums, Float64Array.of(4), Int32Array.of(1), [[0], [10]])
    const [found] = compareSpread(sums)
    expect(found).toMatchObject({ measure: 'mean_squared_distance', subject: null, value: 32 / 3, previous: 6 })
    expect(remarksOf({ problem: null, comparison: [found!] })).toEqual([
      "The new segments lie no closer around today's customers than the live ones would (mean squared distance 10.7 against 6.00).",
    ])
  })

  it('is the same where the live centres are the middles, in any number of dimensions', () => {
    const sums = openSpread(2, 2)
    addSpread(sums, Float64Array.of(0, 1, 0, -1, 8, 0, 10, 0), Int32Array.of(1, 1, 0, 0), [
      [0, 0],
      [9, 0],
    ])
    expect(compareSpread(sums)[0]).toMatchObject({ value: 1, previous: 1 })
  })

  it('is nothing without customers', () => {
    expect(compareSpread(openSpread(2, 2))).toEqual([])
  })
})

describe('margins to the next segment', () => {
  it('are told by why customers moved: the middle one, and the lowest tenth (by hand, type 7)', () => {
    const boundary = marginSubjects.indexOf('boundary')
    const found = compareMargins(Float64Array.of(0.9, 0.1, 0.5, 0.3, 0.7), Int32Array.of(0, boundary, 0, boundary, 0))
    expect(found).toEqual([
      { measure: 'margin_median', subject: 'stayed', value: 0.7, previous: null },
      { measure: 'margin_low', subject: 'stayed', value: expect.closeTo(0.54, 12) as number, previous: null },
      { measure: 'margin_median', subject: 'boundary', value: 0.2, previous: null },
      { measure: 'margin_low', subject: 'boundary', value: expect.closeTo(0.12, 12) as number, previous: null },
    ])
    expect(remarksOf({ problem: null, comparison: found })).toEqual([
      'Margin to the next segment (0: at the border, 1: at the centre), in the middle: 0.70 of those who stayed, 0.20 of those who moved by boundary.',
    ])
  })
})

describe('the distance of a feature', () => {
  const binned = { name: 'recency', before: [5, 5, 0, 0], now: [0, 10, 0, 0], isOrdered: true }

  it('is that of all values where somebody has them, and says so by its name', () => {
    const measuresOf = (...args: Parameters<typeof compareFeatures>): readonly unknown[] =>
      compareFeatures(...args).map(({ measure, value }) => [measure, value])
    expect(measuresOf([binned], new Map([['recency', 0.625]]))).toContainEqual(['feature_ks', 0.625])
    expect(measuresOf([binned])).toContainEqual(['feature_ks_binned', 0.5])
    expect(measuresOf([binned], new Map([['recency', null]]))).toHaveLength(1)
  })
})
