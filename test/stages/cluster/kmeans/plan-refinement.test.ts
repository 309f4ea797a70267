import { describe, expect, it } from 'vitest'
import { CoordinatesNotFinite } from '../../../../src/errors/coordinates-not-finite.ts'
import { checkCoordinates } from '../../../../src/stages/cluster/check-coordinates.ts'
import { planRefinement } from '../../../../src/stages/cluster/kmeans/plan-refinement.ts'

describe('planRefinement', () => {
  it('refines on everybody when the sample has not everybody', () => {
    expect(planRefinement('fast', 50_000, 50_000, 16)).toBe(0)
    expect(planRefinement('fast', 50_001, 50_000, 16)).toBe(50_001)
  })

  it('takes no more customers than fit into memory, and no fewer than the sample has', () => {
    expect(planRefinement('fast', 10_000_000, 50_000, 16)).toBe(2_097_152)
    expect(planRefinement('fast', 10_000_000, 200_000, 500)).toBe(200_000)
  })

  it('refines nothing with the reference kernel', () => {
    expect(planRefinement('reference', 10_000_000, 50_000, 16)).toBe(0)
  })
})

describe('checkCoordinates', () => {
  it('names the feature that is no finite number', () => {
    const features = ['frequency', 'monetary']
    expect(() => checkCoordinates(Float64Array.of(1, 2, 3, 4), features)).not.toThrow()
    const infinite = (): void => checkCoordinates(Float64Array.of(1, 2, 3, Infinity), features)
    expect(infinite).toThrow(CoordinatesNotFinite)
    expect(infinite).toThrow('Feature monetary of at least one customer is Infinity')
  })
})
