import { describe, expect, it } from 'vitest'
import { explainedLikelihood, explainedVariance, permutationP } from '../../src/effectiveness/explained.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const groups = { labels: Int32Array.of(0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2), groupCount: 3 }
const spend = Float64Array.of(1, 2, 4, 3, 5, 8, 6, 10, 9, 14, 7, 12)
const converted = Float64Array.of(0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1)

describe('explainedVariance', () => {
  it('is R² and adjusted R² of a regression on the groups, as statsmodels 0.14.5 has them', () => {
    const found = explainedVariance(spend, groups)!
    expect(found.raw).toBeCloseTo(0.7370733987844786, 12)
    expect(found.corrected).toBeCloseTo(0.6786452651810294, 12)
  })

  it('counts groups without customers for nothing', () => {
    expect(explainedVariance(spend, { ...groups, groupCount: 9 })).toEqual(explainedVariance(spend, groups))
  })

  it('says nothing of values that are all alike, nor of as many groups as customers', () => {
    expect(explainedVariance(new Float64Array(12).fill(3), groups)).toBeNull()
    expect(explainedVariance(Float64Array.of(1, 2), { labels: Int32Array.of(0, 1), groupCount: 2 })).toBeNull()
  })
})

describe('explainedLikelihood', () => {
  it('is the pseudo-R² of a logistic regression on the groups, as statsmodels 0.14.5 has it', () => {
    const found = explainedLikelihood(converted, groups)!
    expect(found.raw).toBeCloseTo(0.11854454105728718, 9)
    // By hand: two groups more than none raise ln L by 1 by chance, of −8.150319193022398.
    expect(found.corrected).toBeCloseTo((found.raw - 1 / 8.150319193022398) / (1 - 1 / 8.150319193022398), 9)
  })

  it('is 1 where groups tell everything, and nothing where all say the same', () => {
    const labels = Int32Array.from(converted)
    expect(explainedLikelihood(converted, { labels, groupCount: 2 })!.raw).toBe(1)
    expect(explainedLikelihood(new Float64Array(12), groups)).toBeNull()
  })
})

describe('groups by lot', () => {
  it('explain nothing on average, once corrected', () => {
    const draw = uniformDraws(11)
    const means = { variance: 0, likelihood: 0 }
    const rounds = 300
    for (let round = 0; round < rounds; round++) {
      const labels = Int32Array.from({ length: 200 }, () => Math.floor(draw() * 8))
      const grouping = { labels, groupCount: 8 }
      const values = Float64Array.from({ length: 200 }, () => draw() ** 3)
      means.variance += explainedVariance(values, grouping)!.corrected / rounds
      means.likelihood +=
        explainedLikelihood(
          values.map((value) => (value > 0.2 ? 1 : 0)),
          grouping,
        )!.corrected / rounds
    }
    // One standard error of 300 rounds is about 0.001.
    expect(Math.abs(means.variance)).toBeLessThan(0.005)
    expect(Math.abs(means.likelihood)).toBeLessThan(0.005)
  })

  it('are as good as these about as often as an exact test says', () => {
    // The F test of statsmodels: p 0.00245.
    expect(permutationP(spend, groups, 999, 5)).toBeLessThan(0.01)
    const alike = Float64Array.of(1, 9, 4, 2, 8, 5, 3, 7, 5, 1, 8, 4)
    expect(permutationP(alike, groups, 999, 5)).toBeGreaterThan(0.5)
    expect(permutationP(spend, groups, 99, 5)).toBe(permutationP(spend, groups, 99, 5))
  })
})
