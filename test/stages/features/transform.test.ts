import { describe, expect, it } from 'vitest'
import type { FeatureSpec } from '../../../src/stages/features/config.ts'
import { fitNumber } from '../../../src/stages/features/fit-number.ts'
import { applyTransforms } from '../../../src/stages/features/transform.ts'
import type { FeatureColumns, FittedTransform } from '../../../src/stages/features/transform.ts'

const spec: FeatureSpec = {
  column: 'monetary',
  feature: 'monetary',
  type: 'money',
  unit: 'money',
  window: null,
  transform: 'log1p',
  winsorise: { lower: 0.1, upper: 0.9 },
  scale: 'standard',
  weight: 1,
  impute: 'median',
  flagMissing: false,
  levels: { pinned: null, maxLevels: 12, minShare: 0.01 },
  prior: 0.01,
  settings: {},
  sql: null,
}
const coordinates = (columns: FeatureColumns, ...features: readonly FittedTransform[]): Float64Array =>
  applyTransforms(columns, { features, dropped: [] }, Object.values(columns)[0]!.length).values
const values = Float64Array.of(3, 0, NaN, 120.5, -7.25, 3, 41, NaN, 9.75, 2000)
const buckets = Int32Array.of(0, 0, 0, 1, 1, 1, 5, 5, 5, 9)

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 12))
}

describe('fitting a transform', () => {
  // numpy 2.4.6 and scikit-learn 1.9.1: SimpleImputer(median), np.clip at np.nanquantile 0.1 and 0.9, sign(x)·log1p(|x|), StandardScaler.
  it('gives the quantiles of numpy, and mean and deviation of scikit-learn', () => {
    const fitted = fitNumber(values, buckets, spec)
    expect(fitted).toMatchObject({ name: 'monetary', unit: 'money', transform: 'log1p', weight: 1 })
    expectClose(
      [fitted.lower, fitted.upper, fitted.impute, fitted.mean, fitted.scale],
      [-2.1749999999999994, 684.3499999999997, 6.375, 2.3055892186661926, 2.1282675495137013],
    )
    expectClose(
      coordinates({ monetary: values }, fitted),
      [
        -0.43194515546523105, -1.0833173767052964, -0.1444805736527674, 1.1719978743670416, -1.6261568484665594,
        -0.43194515546523105, 0.6728855119481567, -0.1444805736527674, 0.03256946520813019, 1.9848728318845241,
      ],
    )
  })

  it('does the same without log1p, and multiplies by the weight at the end', () => {
    const fitted = fitNumber(values, buckets, { ...spec, transform: 'none', weight: 2 })
    expectClose([fitted.mean, fitted.scale], [87.21749999999997, 202.15497120093278])
    expectClose(
      coordinates({ monetary: values }, fitted),
      [
        -0.4165987088998748, -0.4314388089586468, -0.3999035963337564, 0.16463854340202572, -0.4421978815012564,
        -0.4165987088998748, -0.2286241081554304, -0.3999035963337564, -0.383208483767638, 2.953835349448208,
      ].map((value) => 2 * value),
    )
  })

  it('puts a feature without spread at 0, also where its sum would round', () => {
    const constant = new Float64Array(7).fill(0.1)
    const fitted = fitNumber(constant, new Int32Array(7), { ...spec, transform: 'none' })
    expect(fitted).toMatchObject({ mean: 0.1, scale: 1 })
    expect(coordinates({ monetary: constant }, fitted)).toEqual(new Float64Array(7))
  })

  it('puts a feature that nobody has at 0', () => {
    const nothing = new Float64Array(3).fill(NaN)
    const fitted = fitNumber(nothing, new Int32Array(3), spec)
    expect(fitted).toMatchObject({ lower: 0, upper: 0, impute: 0, mean: 0, scale: 1 })
    expect(coordinates({ monetary: nothing }, fitted)).toEqual(new Float64Array(3))
  })

  it('adds within each bucket, then over buckets, so that shards do not show', () => {
    const parts = [0.1, 0.2, 0.3, 0.7]
    const spread = { ...spec, transform: 'none', winsorise: { lower: 0, upper: 1 } } as const
    const fitted = fitNumber(Float64Array.from(parts), Int32Array.of(3, 3, 8, 8), spread)
    expect(fitted.mean).toBe((0.1 + 0.2 + (0.3 + 0.7)) / 4)
  })
})

describe('the other ways of a number', () => {
  const none = { winsorise: { lower: 0, upper: 1 }, transform: 'none' } as const
  const given = Float64Array.of(-50, -3, -1, 0, 0.5, 2, 2.5, 40)
  const one = new Int32Array(8)

  // scikit-learn 1.9.1: PowerTransformer().fit_transform
  it('is that of PowerTransformer for yeoJohnson', () => {
    const fitted = fitNumber(given, one, { ...spec, ...none, transform: 'yeoJohnson' })
    expect(fitted.power).toBeCloseTo(1.0477754161353723, 7)
    const expected = [
      -1.9609132330230492, -0.14987853326825346, -0.06484173290168967, -0.02089174614871757, 0.001724528109557443,
      0.07146629494151394, 0.09514513103395769, 2.028189291256681,
    ]
    coordinates({ monetary: given }, fitted).forEach((value, row) => expect(value).toBeCloseTo(expected[row]!, 6))
  })

  // scikit-learn 1.9.1: RobustScaler(unit_variance=True).fit_transform
  it('is that of RobustScaler for robust', () => {
    const fitted = fitNumber(given, one, { ...spec, ...none, scale: 'robust' })
    expectClose(
      coordinates({ monetary: given }, fitted),
      [
        -18.699646867505162, -1.2094298969033188, -0.465165344962815, -0.09303306899256299, 0.09303306899256299,
        0.651231482947941, 0.8372976209330669, 14.792257969817516,
      ],
    )
  })

  it('leaves a number as it is without a scale', () => {
    const fitted = fitNumber(given, one, { ...spec, ...none, scale: 'none', weight: 2 })
    expect([...coordinates({ monetary: given }, fitted)]).toEqual([...given].map((value) => 2 * value))
  })

  it('takes for a missing value what it is told, and sees it in a flag of the same weight (by hand)', () => {
    const missing = Float64Array.of(1, NaN, 3, 8)
    const imputed = (impute: FeatureSpec['impute']) => fitNumber(missing, one, { ...spec, ...none, impute }).impute
    expect((['median', 'mean', 'zero', -7] as const).map(imputed)).toEqual([3, 4, 0, -7])
    const fitted = fitNumber(missing, one, { ...spec, ...none, impute: 'mean', flagMissing: true })
    // 1, 4, 3, 8: mean 4, population deviation √(26 ÷ 4); flag 0, 1, 0, 0: mean ¼, deviation √(3 ÷ 16). Both × √½.
    const [deviation, ofFlag] = [Math.sqrt(6.5), Math.sqrt(3) / 4]
    expectClose(
      coordinates({ monetary: missing }, fitted),
      [
        -3 / deviation,
        -0.25 / ofFlag,
        0,
        0.75 / ofFlag,
        -1 / deviation,
        -0.25 / ofFlag,
        4 / deviation,
        -0.25 / ofFlag,
      ].map((value) => value * Math.SQRT1_2),
    )
  })
})

describe('applying transforms', () => {
  it('lays customers out row by row, features in the order they were fitted', () => {
    const columns = { recency: Float64Array.of(1, 3), tenure: Float64Array.of(10, 30) }
    const fitted = (['tenure', 'recency'] as const).map((column) =>
      fitNumber(columns[column], new Int32Array(2), {
        ...spec,
        column,
        transform: 'none' as const,
        winsorise: { lower: 0, upper: 1 },
      }),
    )
    expect([...coordinates({ ...columns, tenure: Float64Array.of(10, 50) }, ...fitted)]).toEqual([-1, -1, 1, 1])
  })
})
