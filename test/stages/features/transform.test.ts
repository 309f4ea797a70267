import { describe, expect, it } from 'vitest'
import type { FeatureSpec } from '../../../src/stages/features/config.ts'
import { applyTransforms, fitTransform, fitTransforms } from '../../../src/stages/features/transform.ts'

const spec: FeatureSpec = {
  name: 'monetary',
  window: null,
  transform: 'log1p',
  winsorise: { lower: 0.1, upper: 0.9 },
  weight: 1,
}
const values = Float64Array.of(3, 0, NaN, 120.5, -7.25, 3, 41, NaN, 9.75, 2000)
const buckets = Int32Array.of(0, 0, 0, 1, 1, 1, 5, 5, 5, 9)

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 12))
}

describe('fitting a transform', () => {
  // numpy 2.4.6 and scikit-learn 1.9.1: SimpleImputer(median), np.clip at np.nanquantile 0.1 and 0.9, sign(x)·log1p(|x|), StandardScaler.
  it('gives the quantiles of numpy, and mean and deviation of scikit-learn', () => {
    const fitted = fitTransform(values, buckets, spec)
    expect(fitted).toMatchObject({ name: 'monetary', unit: 'money', transform: 'log1p', weight: 1 })
    expectClose(
      [fitted.lower, fitted.upper, fitted.impute, fitted.mean, fitted.scale],
      [-2.1749999999999994, 684.3499999999997, 6.375, 2.3055892186661926, 2.1282675495137013],
    )
    expectClose(
      applyTransforms({ monetary: values }, { features: [fitted] }),
      [
        -0.43194515546523105, -1.0833173767052964, -0.1444805736527674, 1.1719978743670416, -1.6261568484665594,
        -0.43194515546523105, 0.6728855119481567, -0.1444805736527674, 0.03256946520813019, 1.9848728318845241,
      ],
    )
  })

  it('does the same without log1p, and multiplies by the weight at the end', () => {
    const fitted = fitTransform(values, buckets, { ...spec, transform: 'none', weight: 2 })
    expectClose([fitted.mean, fitted.scale], [87.21749999999997, 202.15497120093278])
    expectClose(
      applyTransforms({ monetary: values }, { features: [fitted] }),
      [
        -0.4165987088998748, -0.4314388089586468, -0.3999035963337564, 0.16463854340202572, -0.4421978815012564,
        -0.4165987088998748, -0.2286241081554304, -0.3999035963337564, -0.383208483767638, 2.953835349448208,
      ].map((value) => 2 * value),
    )
  })

  it('puts a feature without spread at 0, also where its sum would round', () => {
    const constant = new Float64Array(7).fill(0.1)
    const fitted = fitTransform(constant, new Int32Array(7), { ...spec, transform: 'none' })
    expect(fitted).toMatchObject({ mean: 0.1, scale: 1 })
    expect(applyTransforms({ monetary: constant }, { features: [fitted] })).toEqual(new Float64Array(7))
  })

  it('puts a feature that nobody has at 0', () => {
    const nothing = new Float64Array(3).fill(NaN)
    const fitted = fitTransform(nothing, new Int32Array(3), spec)
    expect(fitted).toMatchObject({ lower: 0, upper: 0, impute: 0, mean: 0, scale: 1 })
    expect(applyTransforms({ monetary: nothing }, { features: [fitted] })).toEqual(new Float64Array(3))
  })

  it('adds within each bucket, then over buckets, so that shards do not show', () => {
    const parts = [0.1, 0.2, 0.3, 0.7]
    const spread = { ...spec, transform: 'none', winsorise: { lower: 0, upper: 1 } } as const
    const fitted = fitTransform(Float64Array.from(parts), Int32Array.of(3, 3, 8, 8), spread)
    expect(fitted.mean).toBe((0.1 + 0.2 + (0.3 + 0.7)) / 4)
  })
})

describe('applying transforms', () => {
  it('lays customers out row by row, features in the order they were fitted', () => {
    const columns = { recency: Float64Array.of(1, 3), tenure: Float64Array.of(10, 30) }
    const specs = (['tenure', 'recency'] as const).map((name) => ({
      ...spec,
      name,
      transform: 'none' as const,
      winsorise: { lower: 0, upper: 1 },
    }))
    const fitted = fitTransforms(columns, new Int32Array(2), specs)
    expect([...applyTransforms({ ...columns, tenure: Float64Array.of(10, 50) }, fitted)]).toEqual([-1, -1, 1, 1])
    expect(fitted.features.map(({ name }) => name)).toEqual(['tenure', 'recency'])
  })
})
