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
    const { fit, candidates } = chooseMixture(fits, { previousCount: null, margin: 0 })
    expect(fit).toBe(fits[1])
    expect(candidates.map(({ method, bic, chosen }) => [method, bic, chosen])).toEqual([
      ['mixture', 60, false],
      ['mixture', 50, true],
      ['kmeans', 50, false],
    ])
    // Two clusters have customers, 2 and 3 of 5.
    expect(candidates[0]).toMatchObject({ clusterCount: 2, smallestShare: 0.4 })
  })

  it('keeps the count of the live model, unless the criterion falls by more than the margin for each customer', () => {
    const three = fitted({ bic: 50.4, labels: Int32Array.of(0, 1, 2, 1, 0) })
    const choose = (bic: number, previousCount: number | null) => {
      const fits = [fitted({ bic }), three]
      const { fit, candidates } = chooseMixture(fits, { previousCount, margin: 0.1 })
      return { index: fits.indexOf(fit), reasons: candidates.map(({ reason }) => reason) }
    }
    // By hand, five customers: 0.4 ÷ 5 is below the margin, 0.6 ÷ 5 above.
    expect(choose(50, 3)).toEqual({
      index: 1,
      reasons: [
        'Its BIC is lower by 0.0800 a customer.',
        'Kept, as the live model has it: the lowest BIC is lower by only 0.0800 a customer; the margin is 0.1.',
      ],
    })
    expect(choose(49.8, 3).index).toBe(0)
    expect(choose(50, null)).toEqual({
      index: 0,
      reasons: ['Chosen: the lowest BIC.', 'Its BIC is higher by 0.0800 a customer.'],
    })
    expect(choose(50, 9).index).toBe(0)
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
