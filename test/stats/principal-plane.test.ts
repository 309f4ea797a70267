import { describe, expect, it } from 'vitest'
import { principalPlane } from '../../src/stats/principal-plane.ts'

/** NumPy 2, `np.linalg.svd(A − A.mean(0))`: U·S and S² ÷ ΣS², signs so that the largest part of a direction is positive. */
const NUMPY = {
  x: [-2.682993, -3.192711, -0.570456, 1.777485, -1.213175, 5.88185],
  y: [-0.715554, -0.728949, -1.102717, -2.967227, 4.515439, 0.999009],
  explained: [0.580082, 0.330571],
}

describe('principalPlane', () => {
  it('finds places and shares of variance as a singular value decomposition does', () => {
    const values = Float64Array.of(2, 0, 1, 3, 1, 0, 5, 2, 2, 7, 1, 4, 1, 6, 2, 4, 3, 9)
    const { x, y, explained } = principalPlane(values, 3)
    expect([...x].map((place) => Number(place.toFixed(6)))).toEqual(NUMPY.x)
    expect([...y].map((place) => Number(place.toFixed(6)))).toEqual(NUMPY.y)
    expect(explained.map((share) => Number(share.toFixed(6)))).toEqual(NUMPY.explained)
  })
  it('has nothing along an axis in which nothing varies', () => {
    const { y, explained } = principalPlane(Float64Array.of(1, 1, 2, 2, 3, 3), 2)
    expect(Math.max(...y.map(Math.abs))).toBeLessThan(1e-9)
    expect(explained[0]).toBeCloseTo(1, 12)
  })
})
