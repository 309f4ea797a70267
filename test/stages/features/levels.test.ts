import { describe, expect, it } from 'vitest'
import type { FeatureSpec } from '../../../src/stages/features/config.ts'
import { chooseLevels } from '../../../src/stages/features/choose-levels.ts'
import { findNearDuplicates } from '../../../src/stages/features/feature-checks.ts'
import { fitCategory } from '../../../src/stages/features/fit-category.ts'
import { addCompositions, fitComposition } from '../../../src/stages/features/fit-composition.ts'
import { applyTransforms } from '../../../src/stages/features/transform.ts'
import { addUnseen } from '../../../src/stages/features/unseen-counts.ts'
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

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 12))
}

describe('a category', () => {
  const ofCategory = { ...spec, column: 'channel', type: 'category', unit: 'text', transform: 'oneHot' } as const
  const counts = [
    { value: 'web', count: 60 },
    { value: 'shop', count: 30 },
    { value: 'fax', count: 1 },
    { value: null, count: 9 },
  ]

  it('counts as one feature: the variances of its coordinates add up to 1', () => {
    const fitted = fitCategory(counts, { ...ofCategory, levels: { pinned: null, maxLevels: 2, minShare: 0 } })
    expect(fitted).toMatchObject({ levels: ['web', 'shop'], pooled: ['fax'], withMissing: true })
    expect(fitted.shares).toEqual([0.6, 0.3, 0.01, 0.09])
    const rows = counts.flatMap(({ value, count }) => Array.from({ length: count }, () => value))
    const placed = coordinates({ channel: rows }, fitted)
    let squares = 0
    for (const value of placed) squares += value ** 2
    expect(squares / 100).toBeCloseTo(1, 12)
    // web: (1 − 0.6) ÷ √(0.24 + 0.21 + 0.0099 + 0.0819), by hand.
    expect(placed[0]).toBeCloseTo(0.4 / Math.sqrt(0.5418), 12)
  })

  it('pools rare levels, and counts those that were not there when it was fitted', () => {
    const fitted = fitCategory(counts.slice(0, 3), {
      ...ofCategory,
      levels: { pinned: null, maxLevels: 9, minShare: 0.02 },
    })
    expect(fitted.levels).toEqual(['web', 'shop'])
    const columns = { channel: ['fax', 'app', null, 'app', 'web'] }
    const { values, unseen } = applyTransforms(columns, { features: [fitted], dropped: [] }, 5)
    expect(unseen).toEqual({ channel: 2 })
    // fax, app and null are all `other`: equal coordinates.
    expect(values.slice(0, 3)).toEqual(values.slice(3, 6))
    expect(values.slice(0, 3)).toEqual(values.slice(6, 9))
  })

  it('adds unknown levels up over pieces and shards', () => {
    expect(addUnseen([{ channel: 2, country: 1 }, {}, { channel: 3 }])).toEqual({ channel: 5, country: 1 })
  })

  it('keeps the levels that are pinned, whether they occur or not', () => {
    const fitted = fitCategory(counts, {
      ...ofCategory,
      levels: { pinned: ['app', 'web'], maxLevels: 1, minShare: 0.9 },
    })
    expect(fitted).toMatchObject({ levels: ['app', 'web'], pooled: ['shop', 'fax'], shares: [0, 0.6, 0.31, 0.09] })
  })

  it('has levels that differ in more than case, of equals the first, and none called other', () => {
    const same = ['b', 'a', 'Web', 'web', 'other'].map((value) => ({ value, count: 5 }))
    expect(chooseLevels(same, { pinned: null, maxLevels: 9, minShare: 0.01 })).toEqual(['Web', 'a', 'b'])
  })
})

describe('a composition', () => {
  const ofShares = {
    ...spec,
    column: 'shares',
    type: 'composition',
    unit: 'share',
    transform: 'centredLogRatio',
  } as const
  const rows = [
    [0.7, 0.3, 0],
    [0.2, 0.2, 0.6],
    [0, 0, 1],
    [0.5, 0.25, 0.25],
  ]
  const columns = [0, 1, 2].map((level) => Float64Array.from(rows, (row) => row[level]!))

  // numpy 2.4: z = log(c + 0.01) − row mean; (z − column means) ÷ √ Σ population variances.
  it('becomes the centred log ratios, all of them as one feature', () => {
    const rule = { transform: 'centredLogRatio', prior: 0.01 } as const
    const moments = addCompositions(columns, Int32Array.of(0, 0, 4, 7), rule)
    const fitted = fitComposition(['a', 'b', 'other'], moments, [], ofShares)
    expectClose(fitted.means, [0.06311323297600197, -0.31249220883875123, 0.2493789758627491])
    expect(fitted.scale).toBeCloseTo(2.4910548681449085, 12)
    const given = { 'shares:a': columns[0]!, 'shares:b': columns[1]!, 'shares:other': columns[2]! }
    expectClose(
      coordinates(given, fitted),
      [
        0.6559514088262572, 0.47406571994184077, -1.130017128768098, -0.1680266917488666, -0.01724501021390025,
        0.18527170196276688, -0.6428950076809766, -0.4921133261460102, 1.1350083338269867, 0.15497029060358591,
        0.035292616418069696, -0.19026290702165544,
      ],
    )
    const nobody = Object.fromEntries(Object.keys(given).map((name) => [name, Float64Array.of(NaN)]))
    expect([...coordinates(nobody, fitted)]).toEqual([0, 0, 0])
  })

  it('has the same moments when its buckets come in pieces', () => {
    const rule = { transform: 'none', prior: 0.01 } as const
    const buckets = Int32Array.of(0, 0, 4, 7)
    const part = (from: number, to: number): readonly Float64Array[] => columns.map((column) => column.slice(from, to))
    const first = addCompositions(part(0, 2), buckets.slice(0, 2), rule)
    const inPieces = addCompositions(part(2, 4), buckets.slice(2), rule, first)
    expect(inPieces).toEqual(addCompositions(columns, buckets, rule))
  })
})

describe('near-duplicates', () => {
  // numpy 2.4: corrcoef([1,2,3,4], [2,4,6,9]) = 0.994376712684369.
  it('are named with the first that says the same', () => {
    const values = Float64Array.of(1, 2, 9, 2, 4, -1, 3, 6, 5, 4, 9, 2)
    expect(findNearDuplicates(['a', 'b', 'c'], values, 0.95)).toEqual([
      { feature: 'b', as: 'a', correlation: expect.closeTo(0.994376712684369, 12) as number },
    ])
    expect(findNearDuplicates(['a', 'b', 'c'], values, 0.999)).toEqual([])
  })
})
