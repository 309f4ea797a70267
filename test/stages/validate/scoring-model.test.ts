import { describe, expect, it } from 'vitest'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import { pinLevels, scoringModelFrom, withoutPublication } from '../../../src/stages/validate/scoring-model.ts'
import type { PublishedModel } from '../../../src/stages/validate/published-model.ts'
import { sizesShift } from '../../../src/stages/validate/sizes-shift.ts'

const measures = { recency: 'r', monetary: 'm' }
const published = { formatVersion: 2, segmentKeys: ['shop-1'], measures }

describe('the model of a score run', () => {
  it('is the published one, whatever order its features are listed in', () => {
    expect(scoringModelFrom(published, { monetary: 'm', recency: 'r' }, 'shop')).toBe(published)
  })

  it.each([
    [null, measures, 'has published nothing yet'],
    [{ formatVersion: 1 }, measures, 'is not one that this version'],
    [published, { recency: 'r' }, 'monetary is gone'],
    [published, { ...measures, tenure: 't' }, 'tenure is new'],
    [published, { ...measures, recency: 'of 6 months' }, 'recency measures something else'],
    [published, { a: 'a', b: 'b' }, 'a is new, b is new, monetary is gone, and 1 more'],
  ])('is refused where it cannot place the customers: %j for %j', (live, wanted: Record<string, string>, says) => {
    expect(() => scoringModelFrom(live, wanted, 'shop')).toThrow(says)
    expect(() => scoringModelFrom(live, wanted, 'shop')).toThrow('resegment run shop')
  })

  it('goes on without what its publication found: segments, sources, overrides', () => {
    const model = { formatVersion: 2, method: 'kmeans', clusterCount: 1 }
    const found = {
      ...{ segmentKeys: ['shop-1'], comparedState: 'c', measures, sourceRows: { orders: 9 } },
      fittedOn: { sizes: [9], outliers: 0 },
      overrides: { applied: 1, expired: 0, unknownCustomers: 0, conflicts: [] },
    }
    expect(withoutPublication({ ...model, ...found } as unknown as PublishedModel)).toEqual(model)
  })

  it('pins the levels of compositions to those it knows, and leaves the rest', () => {
    const specs = resolveFeatures(['recency', 'categoryShares'])
    const features = [
      { kind: 'composition', name: 'categoryShares', levels: ['Toys', 'Books', 'other'] },
      { kind: 'number', name: 'recency' },
    ]
    const pinned = pinLevels(specs, { features, dropped: [] } as never)
    expect(pinned[0]).toBe(specs[0])
    expect(pinned[1]).toEqual({ ...specs[1], levels: { ...specs[1]!.levels, pinned: ['Toys', 'Books', 'other'] } })
  })
})

describe('the shift of sizes', () => {
  // By hand: 10 and 30 of 40 became 30 and 10 of 40, so a half would have to be elsewhere.
  it.each([
    [[1, 2, 3], [10, 20, 30], 0],
    [[10, 30], [30, 10], 0.5],
    [[0, 7], [7, 0], 1],
  ])('from %j to %j is %d', (before, now, shift) => {
    expect(sizesShift(before, now)).toBeCloseTo(shift, 12)
  })
})
