import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { traceLineage } from '../../../src/stages/validate/lineage.ts'
import { matchLabels } from '../../../src/stages/validate/match-labels.ts'
import type { PanelCounts } from '../../../src/stages/validate/match-labels.ts'

const panelOf = (publishedKeys: readonly string[], ...rows: readonly (readonly number[])[]): PanelCounts => ({
  clusterCount: rows.length,
  publishedKeys,
  counts: Float64Array.from(rows.flat()),
})

const keysOf = (panel: PanelCounts, minimumOverlap = 0.3, usedKeys = panel.publishedKeys): readonly string[] =>
  matchLabels(panel, minimumOverlap, 'shop', usedKeys).map(({ segmentKey }) => segmentKey)

describe('matchLabels', () => {
  it('numbers the clusters of a first run from 1', () => {
    const first = panelOf([], [], [], [])
    expect(matchLabels(first, 0.3, 'shop', [])).toEqual([
      { segmentKey: 'shop-1', isNew: true, overlap: 0 },
      { segmentKey: 'shop-2', isNew: true, overlap: 0 },
      { segmentKey: 'shop-3', isNew: true, overlap: 0 },
    ])
  })

  it('carries keys on by the largest sum of overlaps (by hand)', () => {
    // Greedily shop-1 would go to cluster 0 (6/14); then cluster 1 (4/12 with shop-1) had nothing above the minimum.
    const panel = panelOf(['shop-1', 'shop-2', 'shop-3'], [6, 5, 0], [4, 0, 0], [0, 0, 9])
    expect(matchLabels(panel, 0.3, 'shop', [])).toEqual([
      { segmentKey: 'shop-2', isNew: false, overlap: 5 / 11 },
      { segmentKey: 'shop-1', isNew: false, overlap: 4 / 10 },
      { segmentKey: 'shop-3', isNew: false, overlap: 1 },
    ])
  })

  it('gives a fresh key below the minimum overlap, above every key there ever was', () => {
    const panel = panelOf(['shop-1', 'shop-4'], [50, 0], [0, 10], [0, 90])
    expect(keysOf(panel, 0.3, ['shop-1', 'shop-4', 'shop-9'])).toEqual(['shop-1', 'shop-10', 'shop-4'])
    expect(keysOf(panelOf(['shop-1'], [10], [20], [30]), 0.7)).toEqual(['shop-2', 'shop-3', 'shop-4'])
  })

  it('finds segments that last by definition by their own keys, whoever is in them, and no others by overlap', () => {
    // All members of shop-1 are now in cluster 1, those of shop-2 in cluster 0.
    const panel = panelOf(['shop-1', 'shop-2'], [0, 50], [40, 0], [0, 0])
    const own = { ofClusters: ['vip', null, 'lapsed'], ofSegments: { vip: 'shop-1', lapsed: 'shop-3' } }
    expect(matchLabels(panel, 0.3, 'shop', ['shop-1', 'shop-2', 'shop-3'], own)).toEqual([
      { segmentKey: 'shop-1', isNew: false, overlap: 0 },
      { segmentKey: 'shop-4', isNew: true, overlap: 0 },
      { segmentKey: 'shop-3', isNew: false, overlap: 0 },
    ])
    const isNew = { ofClusters: ['vip', null, null], ofSegments: {} }
    expect(keysOf(panel)).toEqual(['shop-2', 'shop-1', 'shop-3'])
    expect(matchLabels(panel, 0.3, 'shop', [], isNew).map(({ segmentKey }) => segmentKey)).toEqual([
      'shop-3',
      'shop-1',
      'shop-4',
    ])
  })

  it('does not let a pair below the minimum displace one above it', () => {
    // 0.29 + 0.29 would beat 0.5 + 0.
    const panel = panelOf(['shop-1', 'shop-2'], [50, 29], [21, 0])
    expect(keysOf(panel, 0.3)[0]).toBe('shop-1')
  })

  it('handles more clusters than segments, fewer, and segments whose customers are all gone', () => {
    expect(keysOf(panelOf(['shop-2'], [0], [5], [0]))).toEqual(['shop-3', 'shop-2', 'shop-4'])
    expect(keysOf(panelOf(['shop-1', 'shop-2', 'shop-3'], [0, 7, 0]))).toEqual(['shop-2'])
    expect(keysOf(panelOf(['shop-1'], [0], [0]))).toEqual(['shop-2', 'shop-3'])
  })

  it('leaves keys that people chose alone', () => {
    expect(keysOf(panelOf(['vip', 'shop-1'], [0, 3], [4, 0], [0, 0]))).toEqual(['shop-1', 'vip', 'shop-2'])
  })

  const tables = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })).chain(([clusters, keys]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: keys, maxLength: keys }), {
        minLength: clusters,
        maxLength: clusters,
      }),
      order: fc.shuffledSubarray([...Array(clusters).keys()], { minLength: clusters }),
      keyOrder: fc.shuffledSubarray([...Array(keys).keys()], { minLength: keys }),
    }),
  )

  it('carries the same keys on when clusters and segments come in another order', () => {
    fc.assert(
      fc.property(tables, ({ rows, order, keyOrder }) => {
        // Clusters that share the same customers with every segment can't be told apart by anybody.
        fc.pre(new Set(rows.map((row) => row.join())).size === rows.length)
        const keys = rows[0]!.map((_, i) => `shop-${i + 1}`)
        const before = matchLabels(panelOf(keys, ...rows), 0.3, 'shop', keys)
        const shuffled = panelOf(
          keyOrder.map((i) => keys[i]!),
          ...order.map((cluster) => keyOrder.map((i) => rows[cluster]![i]!)),
        )
        const after = matchLabels(shuffled, 0.3, 'shop', keys)
        order.forEach((cluster, i) => {
          expect(after[i]!.isNew).toBe(before[cluster]!.isNew)
          if (!after[i]!.isNew) expect(after[i]).toEqual(before[cluster])
        })
      }),
    )
  })

  it('gives no key twice', () => {
    fc.assert(
      fc.property(tables, ({ rows }) => {
        const keys = keysOf(
          panelOf(
            rows[0]!.map((_, i) => `shop-${i + 1}`),
            ...rows,
          ),
          0.2,
        )
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })
})

describe('traceLineage', () => {
  const trace = (panel: PanelCounts): readonly string[] =>
    traceLineage(panel, matchLabels(panel, 0.3, 'shop', panel.publishedKeys)).map(
      ({ fromSegmentKey, toSegmentKey, kind }) => `${fromSegmentKey ?? '·'} ${kind} ${toSegmentKey ?? '·'}`,
    )

  it('has nothing but arrivals on a first run', () => {
    expect(trace(panelOf([], [], []))).toEqual(['· appeared shop-1', '· appeared shop-2'])
  })

  it('tells survival, appearance and disappearance apart', () => {
    expect(trace(panelOf(['shop-1', 'shop-2', 'shop-3'], [40, 0, 10], [0, 30, 10], [0, 0, 0], [2, 2, 4]))).toEqual([
      'shop-1 survived shop-1',
      'shop-2 survived shop-2',
      'shop-3 disappeared ·',
      '· appeared shop-4',
      '· appeared shop-5',
    ])
  })

  it('sees a segment of the past come back', () => {
    const panel = panelOf(['shop-1'], [40], [0])
    const own = { ofClusters: [null, 'lapsed'], ofSegments: { lapsed: 'shop-3' } }
    expect(traceLineage(panel, matchLabels(panel, 0.3, 'shop', ['shop-1', 'shop-3'], own))).toEqual([
      { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1', kind: 'survived', overlap: 1 },
      { fromSegmentKey: null, toSegmentKey: 'shop-3', kind: 'returned', overlap: 0 },
    ])
  })

  it('sees a segment split off while the rest lives on', () => {
    expect(trace(panelOf(['shop-1', 'shop-2'], [60, 0], [40, 0], [0, 50]))).toEqual([
      'shop-1 survived shop-1',
      'shop-1 split shop-3',
      'shop-2 survived shop-2',
    ])
  })

  it('sees a segment absorbed by a survivor', () => {
    expect(trace(panelOf(['shop-1', 'shop-2'], [90, 20], [0, 0]))).toEqual([
      'shop-1 survived shop-1',
      'shop-2 absorbed shop-1',
      '· appeared shop-3',
    ])
  })

  it('sees several segments merged into a new one', () => {
    const panel = panelOf(['shop-1', 'shop-2', 'shop-3', 'shop-4'], [25, 25, 25, 25])
    expect(trace(panel)).toEqual([
      'shop-1 merged shop-5',
      'shop-2 merged shop-5',
      'shop-3 merged shop-5',
      'shop-4 merged shop-5',
    ])
  })
})
