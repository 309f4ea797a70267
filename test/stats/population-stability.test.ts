import { describe, expect, it } from 'vitest'
import { populationStability } from '../../src/stats/population-stability.ts'

describe('the population stability index', () => {
  // numpy and scipy.stats.chi2.ppf(0.999, bins − 1); the quantile here is an approximation.
  it.each([
    [[50, 50], [75, 25], 0.2686767831907422, 0.21655132341325467],
    [[10, 20, 30, 0, 40], [40, 30, 20, 0, 110], 0.34083794530796513, 0.24399354294357192],
    [
      [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0],
      [80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 200],
      1.236372346172289,
      0.05917659689014884,
    ],
  ])('of %j and %j is that of numpy', (before, now, index, byChance) => {
    const found = populationStability(before, now)
    expect(found.index).toBeCloseTo(index, 12)
    expect(found.byChance / byChance).toBeCloseTo(1, 1)
  })

  it('is 0 for equal shares, the same both ways, and knows no bin that is always empty', () => {
    expect(populationStability([10, 20, 30], [10, 20, 30]).index).toBe(0)
    expect(populationStability([10, 20], [25, 5]).index).toBeCloseTo(populationStability([25, 5], [10, 20]).index, 12)
    expect(populationStability([10, 0, 20], [25, 0, 5])).toEqual(populationStability([10, 20], [25, 5]))
  })

  it('is 0 where there is one bin, or nobody', () => {
    expect(populationStability([7], [9])).toEqual({ index: 0, byChance: 0 })
    expect(populationStability([0, 0], [4, 5])).toEqual({ index: 0, byChance: 0 })
  })
})
