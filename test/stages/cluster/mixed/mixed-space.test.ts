import { describe, expect, it } from 'vitest'
import {
  defaultGamma,
  mixedCoordinates,
  mixedRows,
  mixedSpace,
  prototypePoints,
} from '../../../../src/stages/cluster/mixed/mixed-space.ts'
import { dimensionFeatures } from '../../../../src/stages/features/dimension-features.ts'
import { applyTransforms } from '../../../../src/stages/features/transform.ts'
import type { FittedTransforms } from '../../../../src/stages/features/transform.ts'
import { nearestPrototypes } from '../../../../src/stats/k-prototypes.ts'

const number = (name: string, weight: number) => ({
  ...{ kind: 'number' as const, name, unit: 'count' as const, weight, transform: 'none' as const, power: null },
  ...{ lower: -100, upper: 100, impute: 0, mean: 0, scale: 1, flag: null, isConstant: false },
})
const features: FittedTransforms = {
  features: [
    number('age', 1),
    {
      ...{ kind: 'category', name: 'contract', unit: 'text', weight: 2, levels: ['month', 'year'], pooled: [] },
      ...{ withMissing: true, knowsAllLevels: true, shares: [0.5, 0.25, 0, 0.25], scale: 0.8 },
    },
    number('spend', 1),
    // Everybody has the same level.
    {
      ...{ kind: 'category', name: 'country', unit: 'text', weight: 1, levels: ['DE'], pooled: [] },
      ...{ withMissing: false, knowsAllLevels: true, shares: [1, 0], scale: 1 },
    },
  ],
  dropped: [],
}
const ofDimension = dimensionFeatures(features)
const { values } = applyTransforms(
  {
    age: Float64Array.of(1, 3, 5, 7),
    contract: ['month', 'year', null, 'ten years'],
    spend: Float64Array.of(10, 10, 10, 30),
    country: ['DE', 'DE', 'DE', 'FR'],
  },
  features,
  4,
)
const space = mixedSpace(features, ofDimension, 0.5)

describe('coordinates of numbers and categories together', () => {
  it('know which features are numbers and which level each customer has, unknown and missing ones too', () => {
    expect([...ofDimension]).toEqual([0, 1, 1, 1, 1, 2, 3, 3])
    const rows = mixedRows(values, space)
    expect([...rows.numbers]).toEqual([1, 10, 3, 10, 5, 10, 7, 30])
    // month, year, other, missing; DE, other.
    expect([...rows.codes]).toEqual([0, 0, 1, 0, 3, 0, 2, 1])
    expect(rows.levelCounts).toEqual([4, 2])
    // γ × weight².
    expect([...rows.penalties]).toEqual([2, 0.5])
  })

  it('make another level a penalty of squared distance, and leave numbers as they were', () => {
    const changed = mixedCoordinates(values, space)
    const row = (i: number): Float64Array => changed.subarray(i * 8, i * 8 + 8)
    const square = (a: number, b: number): number =>
      row(a).reduce((sum, value, j) => sum + (value - row(b)[j]!) ** 2, 0)
    // By hand: (3 − 1)² + 2; (7 − 1)² + 20² + 2 + ½.
    expect(square(0, 1)).toBeCloseTo(6, 12)
    expect(square(0, 3)).toBeCloseTo(438.5, 12)
    expect([row(2)[0], row(2)[5]]).toEqual([5, 10])
  })

  it('put prototypes where the distances to them are those of k-prototypes', () => {
    const prototypes = { means: Float64Array.of(2, 10, 6, 20), modes: Int32Array.of(1, 0, 3, 1) }
    const points = prototypePoints(prototypes, space)
    const changed = mixedCoordinates(values, space)
    const distances = new Float64Array(4)
    const labels = nearestPrototypes(mixedRows(values, space), prototypes, distances)
    distances.forEach((distance, row) => {
      let square = 0
      for (let j = 0; j < 8; j++) square += (changed[row * 8 + j]! - points[labels[row]! * 8 + j]!) ** 2
      expect(square).toBeCloseTo(distance, 12)
    })
  })

  it('have the gamma of Huang by default: half of the mean deviation of the numbers', () => {
    // By hand: variances of (1, 3, 5, 7) and (10, 10, 10, 30): 5 and 75.
    expect(defaultGamma(features, ofDimension, values)).toBeCloseTo((Math.sqrt(5) + Math.sqrt(75)) / 4, 12)
  })

  it('have gamma 1 without numbers that differ', () => {
    const categories = { features: features.features.slice(1, 2), dropped: [] }
    const four = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0)
    expect(defaultGamma(categories, dimensionFeatures(categories), four)).toBe(1)
    const constant = { features: features.features.slice(0, 1), dropped: [] }
    expect(defaultGamma(constant, dimensionFeatures(constant), Float64Array.of(3, 3, 3))).toBe(1)
  })
})
