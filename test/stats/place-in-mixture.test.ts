import { describe, expect, it } from 'vitest'
import { fitMixture } from '../../src/stats/fit-mixture.ts'
import type { Mixture } from '../../src/stats/mixture.ts'
import { placeInMixture } from '../../src/stats/place-in-mixture.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const two: Mixture = {
  dimensions: 1,
  weights: Float64Array.of(0.5, 0.5),
  means: Float64Array.of(0, 2),
  variances: Float64Array.of(1, 1),
}

describe('placing in a mixture', () => {
  const plane: Mixture = {
    dimensions: 3,
    weights: Float64Array.of(0.5, 0.25, 0.25),
    means: Float64Array.of(0, 0, 0, 4, 0, 1, 0, 9, 0),
    variances: Float64Array.of(1, 1, 1, 4, 1, 1, 1, 1, 1),
  }
  const oneEach = { groupOfDimension: Int32Array.of(0, 1, 2), groupCount: 3 }

  it('gives the posterior, the Mahalanobis distance and the next component', () => {
    // By hand, x = 0 under `two`: φ(0) ÷ (φ(0) + φ(2)) = 0.8807970780; the distance to the mean 2 is 2 deviations.
    const placed = placeInMixture({
      mixture: two,
      values: Float64Array.of(0, 1, 2.5),
      groupOfDimension: Int32Array.of(0),
      groupCount: 1,
    })
    expect([...placed.labels]).toEqual([0, 0, 1])
    expect([...placed.nextLabels]).toEqual([1, 1, 0])
    expect(placed.posteriors[0]).toBeCloseTo(0.880797078, 9)
    expect(placed.posteriors[1]).toBeCloseTo(0.5, 12)
    expect(placed.distances[2]).toBe(0.5)
  })

  it('names the dimensions in which the component is ahead of the next, by ln density', () => {
    // By hand, row (4, 0, 1): component 1 against 0. First: ½ (16 − 0) − ½ ln 4 = 7.306853; second: 0; third: ½ (1 − 0) = 0.5.
    const { labels, nextLabels, leads } = placeInMixture({
      mixture: plane,
      values: Float64Array.of(4, 0, 1),
      ...oneEach,
    })
    expect([labels[0], nextLabels[0]]).toEqual([1, 0])
    expect(leads.map(({ label }) => label[0])).toEqual([0, 2, -1])
    expect(leads[0]!.size[0]).toBeCloseTo(8 - Math.log(4) / 2, 12)
    expect(leads[1]!.size[0]).toBeCloseTo(0.5, 12)
  })

  it('gives each row the same whatever other rows are placed with it', () => {
    const draw = uniformDraws(11)
    const values = Float64Array.from({ length: 300 }, () => 12 * draw() - 2)
    const all = placeInMixture({ mixture: plane, values, ...oneEach })
    for (let row = 0; row < 100; row++) {
      const one = placeInMixture({ mixture: plane, values: values.slice(row * 3, row * 3 + 3), ...oneEach })
      expect([one.labels[0], one.nextLabels[0], one.posteriors[0], one.distances[0], one.logDensities[0]]).toEqual([
        all.labels[row],
        all.nextLabels[row],
        all.posteriors[row],
        all.distances[row],
        all.logDensities[row],
      ])
      expect(one.leads.map(({ size }) => size[0])).toEqual(all.leads.map(({ size }) => size[row]))
    }
  })

  it('places the rows of a fit as the fit labelled them', () => {
    const draw = uniformDraws(23)
    const values = Float64Array.from({ length: 400 }, (_, i) => (i % 6) * 2 + 3 * draw())
    const starts = [Int32Array.from({ length: 200 }, (_, i) => i % 3)]
    const limits = { varianceFloor: 0.01, tolerance: 1e-6, maxIterations: 200 }
    const { mixture, labels } = fitMixture({ values, dimensions: 2, starts, componentCount: 3, ...limits })
    const placed = placeInMixture({ mixture, values, groupOfDimension: Int32Array.of(0, 1), groupCount: 2 })
    expect([...placed.labels]).toEqual([...labels])
  })

  it('has no next component and no leads with one component, and certainty', () => {
    const one: Mixture = {
      ...two,
      weights: Float64Array.of(1),
      means: Float64Array.of(0),
      variances: Float64Array.of(1),
    }
    const placed = placeInMixture({
      mixture: one,
      values: Float64Array.of(3),
      groupOfDimension: Int32Array.of(0),
      groupCount: 1,
    })
    expect([placed.labels[0], placed.nextLabels[0], placed.posteriors[0], placed.distances[0]]).toEqual([0, -1, 1, 3])
    expect(placed.leads.map(({ label }) => label[0])).toEqual([-1, -1, -1])
  })
})
