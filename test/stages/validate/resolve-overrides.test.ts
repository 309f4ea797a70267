import { describe, expect, it } from 'vitest'
import { OverrideUnknown } from '../../../src/errors/override-unknown.ts'
import { holdersOf } from '../../../src/stages/validate/overrides-sql.ts'
import { outputsWith, resolveOverrides } from '../../../src/stages/validate/resolve-overrides.ts'
import type { Override, OverrideTarget } from '../../../src/stages/validate/resolve-overrides.ts'

const targets: readonly OverrideTarget[] = [
  { cluster: 0, segmentKey: 'shop-1', ownKey: 'champions', names: ['Champions'] },
  { cluster: 1, segmentKey: 'shop-2', ownKey: null, names: ['Frequent, high spend', 'Steady'] },
  { cluster: 2, segmentKey: 'shop-3', ownKey: null, names: ['Steady'] },
]
const asOf = '2026-10-01T00:00:00Z'
const of = (segment: string, expires: string | null = null): Override => ({
  customer: 'c1',
  segment,
  reason: 'Signed a contract',
  author: 'anna',
  expires,
})

describe('resolveOverrides', () => {
  it.each([
    ['shop-2', 1],
    ['champions', 0],
    ['Champions', 0],
    ['Frequent, high spend', 1],
  ])('finds a segment by its key, own key or name: %s', (word, cluster) => {
    expect(resolveOverrides([of(word)], targets, asOf)).toEqual({
      active: [{ customer: 'c1', cluster, reason: 'Signed a contract' }],
      expired: 0,
    })
  })

  it('leaves out those that expire at the as-of or before, without looking at their segments', () => {
    const overrides = [of('gone', asOf), of('gone', '2025-01-01T00:00:00Z'), of('shop-1', '2026-10-01T00:00:01Z')]
    expect(resolveOverrides(overrides, targets, asOf)).toMatchObject({ active: [{ cluster: 0 }], expired: 2 })
  })

  it('refuses a word that fits no segment, with those there are', () => {
    const refused = (): unknown => resolveOverrides([of('Champion')], targets, asOf)
    expect(refused).toThrow(OverrideUnknown)
    expect(refused).toThrow(
      'Overrides name segment "Champion", which this run does not have; it has shop-1 (Champions), shop-2 (Frequent, high spend), shop-3 (Steady). Correct the segment of the override or remove it; then rerun.',
    )
  })

  it('refuses a name that two segments have', () => {
    expect(() => resolveOverrides([of('Steady')], targets, asOf)).toThrow('may be shop-2 or shop-3')
  })
})

describe('outputsWith', () => {
  const outputs = { layers: ['cluster'], scores: [], also: [], reasons: ['recency'] }
  it('adds the layer and each reason once', () => {
    expect(outputsWith(outputs, ['Staff', 'Contract', 'Staff'])).toMatchObject({
      layers: ['cluster', 'override'],
      reasons: ['recency', 'Contract', 'Staff'],
    })
  })
})

describe('holdersOf', () => {
  it('finds the ancestor on each level, and none where a level has none', () => {
    const plain = { ownKey: null, name: null, criteria: null }
    const clusters = [
      { ...plain, level: 0, parent: 2 },
      { ...plain, level: 0, parent: null },
      { ...plain, level: 1, parent: 3 },
      { ...plain, level: 2, parent: null },
    ]
    expect(holdersOf(new Set([2]), [0, 1], clusters)).toEqual([{ cluster: 0, holder: 2 }])
    expect(holdersOf(new Set([3]), [0, 1], clusters)).toEqual([{ cluster: 0, holder: 3 }])
    expect(holdersOf(new Set([7]), [0, 1], clusters)).toEqual([])
  })
})
