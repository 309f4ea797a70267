import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeNames } from '../../../src/stages/validate/given-names.ts'
import type { SegmentProfile } from '../../../src/stages/validate/validation.ts'

/** Effects of monetary and recency in each segment. */
const effects: Readonly<Record<string, readonly [monetary: number, recency: number]>> = {
  'shop-1': [2, -1],
  'shop-2': [0.9, -0.4],
  'shop-3': [-0.8, 1.5],
  'shop-4': [0.1, -0.1],
}
const keys = Object.keys(effects)
const profiles = keys.flatMap((segmentKey) =>
  (['monetary', 'recency'] as const).map(
    (feature, i) => ({ segmentKey, feature, effectSize: effects[segmentKey]![i]! }) as SegmentProfile,
  ),
)
const keysOf = (given: Parameters<typeof placeNames>[0], published: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(placeNames(given, keys, profiles, published).map(({ name, key }) => [name, key]))

describe('names that people give', () => {
  const champions = { like: { monetary: 'high', recency: 'low' } } as const

  it('go to the segment that has all of the profile most, before there are keys', () => {
    expect(keysOf({ champions })).toEqual({ champions: 'shop-1' })
    expect(keysOf({ lost: { like: { recency: 'high' } } })).toEqual({ lost: 'shop-3' })
  })

  it('go to one segment each, the best fit first', () => {
    expect(keysOf({ loyal: { like: { monetary: 'high' } }, champions })).toEqual({
      champions: 'shop-1',
      loyal: 'shop-2',
    })
  })

  it('leave a segment alone that somebody named by its key', () => {
    expect(keysOf({ whales: { key: 'shop-1' }, champions })).toEqual({ whales: 'shop-1', champions: 'shop-2' })
  })

  it('stay with the segment that is published under them, whatever its profile has become', () => {
    expect(keysOf({ champions }, { 'shop-4': 'champions' })).toEqual({ champions: 'shop-4' })
  })

  // Cohen 1988: below 0.2 an effect is less than small.
  it('are left out where no segment has the whole profile', () => {
    expect(keysOf({ odd: { like: { monetary: 'high', recency: 'high' } } })).toEqual({})
    expect(keysOf({ odd: { like: { tenure: 'high' } } })).toEqual({})
  })

  it('are the same for any order of segments and names', () => {
    const given = { champions, loyal: { like: { monetary: 'high' } }, lost: { like: { recency: 'high' } } } as const
    const expected = keysOf(given)
    fc.assert(
      fc.property(
        fc.shuffledSubarray(keys, { minLength: 4 }),
        fc.shuffledSubarray(Object.keys(given), { minLength: 3 }),
        (order, names) => {
          const shuffled = Object.fromEntries(names.map((name) => [name, given[name as keyof typeof given]]))
          const placed = placeNames(shuffled, order, profiles, {})
          expect(Object.fromEntries(placed.map(({ name, key }) => [name, key]))).toEqual(expected)
        },
      ),
    )
  })
})
