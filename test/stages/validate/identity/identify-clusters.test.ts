import { describe, expect, it } from 'vitest'
import { identifyClusters } from '../../../../src/stages/validate/identity/identify-clusters.ts'
import type { IdentityInput } from '../../../../src/stages/validate/identity/identities.ts'
import { cluster, retired, segment, tableOf, thresholds } from './tables.ts'

const keysOf = (input: IdentityInput): readonly string[] => identifyClusters(input).map(({ segmentKey }) => segmentKey)
const waysOf = (input: IdentityInput): readonly string[] =>
  identifyClusters(input).map(({ segmentKey, matchedBy }) => `${segmentKey} ${matchedBy}`)

describe('identifyClusters by overlap', () => {
  it('numbers the clusters of a first run from 1, the largest first', () => {
    const clusters = [10, 30, 20].map((customers) => cluster({ customers }))
    expect(keysOf(tableOf([], [[], [], []], { clusters }))).toEqual(['shop-3', 'shop-1', 'shop-2'])
  })

  it('carries keys on by the largest sum of overlaps (by hand)', () => {
    // Greedily shop-1 would go to cluster 0 (6/15); then cluster 1 (4/10 with shop-1) had nothing above the minimum.
    const input = tableOf(
      ['shop-1', 'shop-2', 'shop-3'],
      [
        [6, 5, 0],
        [4, 0, 0],
        [0, 0, 9],
      ],
    )
    expect(identifyClusters(input).map(({ segmentKey, overlap }) => [segmentKey, overlap])).toEqual([
      ['shop-2', 5 / 11],
      ['shop-1', 4 / 10],
      ['shop-3', 1],
    ])
  })

  it('gives a fresh key below the minimum overlap, above every key there ever was', () => {
    const rows = [
      [50, 0],
      [0, 10],
      [0, 90],
    ]
    expect(keysOf(tableOf(['shop-1', 'shop-4'], rows, { newestNumber: 9 }))).toEqual(['shop-1', 'shop-10', 'shop-4'])
    const strict = { ...thresholds, minimumOverlap: 0.7 }
    expect(keysOf(tableOf(['shop-1'], [[10], [20], [30]], { thresholds: strict }))).toEqual([
      'shop-4',
      'shop-3',
      'shop-2',
    ])
  })

  it('does not let a pair below the minimum displace one above it', () => {
    // 29/79 + 21/71 would beat 50/100 alone.
    const rows = [
      [50, 29],
      [21, 0],
    ]
    expect(keysOf(tableOf(['shop-1', 'shop-2'], rows))[0]).toBe('shop-1')
  })

  it('handles more clusters than segments, fewer, and segments whose customers are all gone', () => {
    expect(keysOf(tableOf(['shop-2'], [[0], [5], [0]]))).toEqual(['shop-3', 'shop-2', 'shop-4'])
    expect(keysOf(tableOf(['shop-1', 'shop-2', 'shop-3'], [[0, 7, 0]]))).toEqual(['shop-2'])
    expect(keysOf(tableOf(['shop-1'], [[0], [0]]))).toEqual(['shop-2', 'shop-3'])
  })

  it('leaves keys that people chose alone', () => {
    const rows = [
      [0, 3],
      [4, 0],
      [0, 0],
    ]
    expect(keysOf(tableOf(['vip', 'shop-1'], rows))).toEqual(['shop-1', 'vip', 'shop-2'])
  })

  it('takes, of equal overlaps, the one whose centre moved least', () => {
    const rows = [[40], [40]]
    const live = [segment('shop-1', { centre: [0, 0] })]
    const near = [{ centre: [3, 0] }, { centre: [0, 1] }].map(cluster)
    expect(keysOf(tableOf(live, rows, { clusters: near }))).toEqual(['shop-2', 'shop-1'])
    expect(keysOf(tableOf(live, rows, { clusters: near.toReversed() }))).toEqual(['shop-1', 'shop-2'])
  })
})

describe('identifyClusters by centre', () => {
  const live = [segment('shop-1', { centre: [0, 0] }), segment('shop-2', { centre: [4, 0] })]

  it('goes by centres where fewer customers than the minimum are in the panel', () => {
    // Of shop-1 three customers are left, and they are elsewhere; its cluster is made of new customers.
    const clusters = [cluster({ centre: [3.9, 0.1] }), cluster({ centre: [0.2, 0] })]
    const rows = [
      [3, 500],
      [0, 0],
    ]
    expect(waysOf(tableOf(live, rows, { clusters }))).toEqual(['shop-2 overlap', 'shop-1 centre'])
  })

  it('does not go by centres where the panel is large enough, nor further than half the way to the neighbour', () => {
    const rows = [
      [0, 500],
      [0, 20],
      [60, 0],
    ]
    const clusters = [cluster({ centre: [4, 0] }), cluster({ centre: [0, 0] }), cluster({ centre: [2.5, 0] })]
    // Cluster 2 holds the 60 customers of shop-1: the overlap says so, wherever its centre is.
    expect(waysOf(tableOf(live, rows, { clusters }))).toEqual(['shop-2 overlap', 'shop-3 nothing', 'shop-1 overlap'])
    const away = [cluster({ centre: [4, 0] }), cluster({ centre: [0, 2.1] })]
    const few = [
      [0, 500],
      [0, 0],
    ]
    expect(waysOf(tableOf(live, few, { clusters: away }))).toEqual(['shop-2 overlap', 'shop-3 nothing'])
    const within = [cluster({ centre: [4, 0] }), cluster({ centre: [0, 1.9] })]
    expect(waysOf(tableOf(live, few, { clusters: within }))).toEqual(['shop-2 overlap', 'shop-1 centre'])
    const never = { ...thresholds, minimumPanel: 0 }
    expect(waysOf(tableOf(live, few, { clusters: within, thresholds: never }))).toEqual([
      'shop-2 overlap',
      'shop-3 nothing',
    ])
  })

  it('does not believe the overlap of a handful of customers when the centre is another segment', () => {
    const clusters = [cluster({ centre: [3.8, 0] }), cluster({ centre: [0, 0.1] })]
    const rows = [
      [4, 0],
      [0, 2],
    ]
    expect(waysOf(tableOf(live, rows, { clusters }))).toEqual(['shop-2 centre', 'shop-1 centre'])
  })

  it('measures against √ dimensions where there is no neighbour', () => {
    const one = [segment('shop-1', { centre: [0, 0, 0, 0] })]
    // √4 = 2, of which half is allowed.
    expect(waysOf(tableOf(one, [[0]], { clusters: [cluster({ centre: [0.9, 0, 0, 0] })] }))).toEqual(['shop-1 centre'])
    expect(waysOf(tableOf(one, [[0]], { clusters: [cluster({ centre: [1.1, 0, 0, 0] })] }))).toEqual(['shop-2 nothing'])
  })
})

describe('identifyClusters by definition', () => {
  it('finds segments that last by definition by their own keys, whoever is in them, and no others by overlap', () => {
    // All members of shop-1 are now in cluster 1, those of shop-2 in cluster 0.
    const rows = [
      [0, 50],
      [40, 0],
      [0, 0],
    ]
    const clusters = [cluster({ ownKey: 'vip' }), cluster({ customers: 40 }), cluster({ ownKey: 'lapsed' })]
    const live = [segment('shop-1', { ownKey: 'vip' }), segment('shop-2')]
    const past = [retired('shop-3', [0, 0, 0], { ownKey: 'lapsed' })]
    const input = tableOf(live, rows, { clusters, past, newestNumber: 3 })
    expect(identifyClusters(input)).toEqual([
      { segmentKey: 'shop-1', isNew: false, isReturned: false, matchedBy: 'own-key', overlap: 0 },
      { segmentKey: 'shop-4', isNew: true, isReturned: false, matchedBy: 'nothing', overlap: 0 },
      { segmentKey: 'shop-3', isNew: false, isReturned: true, matchedBy: 'own-key', overlap: 0 },
    ])
  })

  it('finds a combination of layers by what its layers were found as, and its layers by overlap', () => {
    // Clusters 2 and 3 are the layer's, 0 and 1 their combinations with themselves: those have changed places.
    const rows = [
      [0, 60, 0, 0],
      [60, 0, 0, 0],
      [0, 0, 60, 0],
      [0, 0, 0, 60],
    ]
    const clusters = [
      cluster({ parts: [2] }),
      cluster({ parts: [3] }),
      cluster({ level: 1, layer: 'taste' }),
      cluster({ level: 1, layer: 'taste' }),
    ]
    const live = [
      segment('shop-1', { parts: ['shop-3'] }),
      segment('shop-2', { parts: ['shop-4'] }),
      segment('shop-3', { level: 1, layer: 'taste' }),
      segment('shop-4', { level: 1, layer: 'taste' }),
    ]
    expect(waysOf(tableOf(live, rows, { clusters }))).toEqual([
      'shop-1 parts',
      'shop-2 parts',
      'shop-3 overlap',
      'shop-4 overlap',
    ])
  })

  it('keeps layers and levels apart, and follows a layer that was renamed', () => {
    const rows = [[50], [40]]
    const clusters = [cluster({ layer: 'rest' }), cluster({ layer: 'value' })]
    expect(keysOf(tableOf([segment('shop-1', { layer: 'value' })], rows, { clusters }))).toEqual(['shop-2', 'shop-1'])
    expect(keysOf(tableOf([segment('shop-1', { layer: 'others' })], rows, { clusters }))).toEqual(['shop-1', 'shop-2'])
    const upper = clusters.map((one) => ({ ...one, level: 1 }))
    expect(keysOf(tableOf([segment('shop-1', { layer: 'others' })], rows, { clusters: upper }))).toEqual([
      'shop-2',
      'shop-3',
    ])
  })
})

describe('identifyClusters and retired segments', () => {
  const rows = [[80], [0]]
  const clusters = [cluster({ centre: [0, 0], customers: 80 }), cluster({ centre: [4, 0], customers: 50 })]
  const live = [segment('shop-1', { centre: [0, 0] })]

  it('finds one again by its last members when no live segment goes on', () => {
    // Of 40 last members who are here 30 are in cluster 1, 15 of them in the panel: 30 ÷ (15 + 40 − 15).
    const counts = [[80], [15]]
    const past = [{ ...retired('shop-2', [10, 30]), panelMembers: [10, 15] }]
    expect(identifyClusters(tableOf(live, counts, { clusters, past, newestNumber: 4 }))[1]).toEqual({
      ...{ segmentKey: 'shop-2', isNew: false, isReturned: true },
      ...{ matchedBy: 'overlap', overlap: 30 / (15 + 40 - 15) },
    })
  })

  it('finds one again by its last centre, and a live one first', () => {
    const past = [retired('shop-2', [0, 0], { centre: [4, 0.2] })]
    expect(waysOf(tableOf(live, rows, { clusters, past, newestNumber: 4 }))).toEqual([
      'shop-1 overlap',
      'shop-2 centre',
    ])
    const both = [...live, segment('shop-3', { centre: [4, -0.5] })]
    const input = tableOf(
      both,
      [
        [80, 0],
        [0, 0],
      ],
      { clusters, past, newestNumber: 4 },
    )
    expect(waysOf(input)).toEqual(['shop-1 overlap', 'shop-3 centre'])
    const never = { ...thresholds, returns: false }
    expect(waysOf(tableOf(live, rows, { clusters, past, newestNumber: 4, thresholds: never }))).toEqual([
      'shop-1 overlap',
      'shop-5 nothing',
    ])
  })
})
