import { describe, expect, it } from 'vitest'
import {
  chooseMixture,
  numberComponents,
  outlierLogDensity,
} from '../../../../src/stages/cluster/mixture/choose-mixture.ts'
import type { FittedComponents } from '../../../../src/stages/cluster/mixture/choose-mixture.ts'
import { mixtureOf } from '../../../../src/stages/cluster/mixture/parameters.ts'

const fitted = (more: Partial<FittedComponents>): FittedComponents => ({
  mixture: {
    dimensions: 1,
    weights: Float64Array.of(0.2, 0.3, 0.5),
    means: Float64Array.of(1, 2, 3),
    variances: Float64Array.of(1, 4, 9),
  },
  labels: Int32Array.of(0, 2, 2, 0, 2),
  ...{ logLikelihood: -20, bic: 50, fault: null, iterations: 7, converged: true, seed: 3, inertia: 1, silhouette: 0.5 },
  ...more,
})

describe('choosing a mixture', () => {
  it('takes the lowest criterion, of equals the smallest count, and keeps the others as evidence', () => {
    const fits = [fitted({ bic: 60 }), fitted({ bic: 50 }), fitted({ bic: 50, fault: 'point' })]
    const { fit, candidates } = chooseMixture(fits)
    expect(fit).toBe(fits[1])
    expect(candidates.map(({ method, bic, chosen }) => [method, bic, chosen])).toEqual([
      ['mixture', 60, false],
      ['mixture', 50, true],
      ['kmeans', 50, false],
    ])
    // Two clusters have customers, 2 and 3 of 5.
    expect(candidates[0]).toMatchObject({ clusterCount: 2, smallestShare: 0.4 })
  })

  it('numbers clusters from the largest and leaves out those that are nobody’s most probable one', () => {
    const numbered = numberComponents(fitted({}))
    expect(numbered.means).toEqual([[3], [1]])
    expect(numbered.variances).toEqual([[9], [1]])
    expect(numbered.weights[0]).toBeCloseTo(5 / 7, 12)
    expect(numbered).toMatchObject({ fittedBy: 'mixture', fallbackReason: null })
    expect([...mixtureOf(numbered).variances]).toEqual([9, 1])
  })

  it('says why k-means stands in', () => {
    expect(numberComponents(fitted({ fault: 'point' }))).toMatchObject({
      fittedBy: 'kmeans',
      fallbackReason: expect.stringContaining('alike in every feature') as unknown,
    })
  })

  it('calls one customer in two hundred an outlier (by hand: 1 … 201, the second)', () => {
    expect(outlierLogDensity(Float64Array.from({ length: 201 }, (_, i) => 201 - i))).toBe(2)
  })
})
