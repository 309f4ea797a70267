import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineageTexts, notableLineage } from '../../../../src/run/lineage.ts'
import { identifyClusters } from '../../../../src/stages/validate/identity/identify-clusters.ts'
import type { IdentityInput } from '../../../../src/stages/validate/identity/identities.ts'
import { traceLineage } from '../../../../src/stages/validate/identity/trace-lineage.ts'
import { cluster, retired, segment, tableOf, thresholds } from './tables.ts'

const edgesOf = (input: IdentityInput) => traceLineage(input, identifyClusters(input))
const trace = (input: IdentityInput): readonly string[] =>
  edgesOf(input).map(
    ({ fromSegmentKey, toSegmentKey, kind }) => `${fromSegmentKey ?? '·'} ${kind} ${toSegmentKey ?? '·'}`,
  )
const tell = (input: IdentityInput): readonly string[] => lineageTexts(notableLineage(edgesOf(input)))

describe('traceLineage', () => {
  it('has nothing but arrivals on a first run, and nothing to tell', () => {
    expect(trace(tableOf([], [[], []]))).toEqual(['· appeared shop-1', '· appeared shop-2'])
    expect(tell(tableOf([], [[], []]))).toEqual([])
  })

  it('tells survival, appearance and disappearance apart', () => {
    const rows = [
      [40, 0, 10],
      [0, 30, 10],
      [0, 0, 0],
      [2, 2, 4],
    ]
    const input = tableOf(['shop-1', 'shop-2', 'shop-3'], rows)
    expect(trace(input)).toEqual([
      'shop-1 survived shop-1',
      'shop-2 survived shop-2',
      'shop-3 disappeared ·',
      '· appeared shop-5',
      '· appeared shop-4',
    ])
    expect(tell(input)).toEqual([
      'shop-3 disappeared: its customers are scattered',
      'shop-5 (new) appeared: it carries on no other segment',
      'shop-4 (new) appeared: it carries on no other segment',
    ])
  })

  it('sees a segment of the past come back', () => {
    const clusters = [cluster(), cluster({ ownKey: 'lapsed' })]
    const past = [retired('shop-3', [0, 0], { ownKey: 'lapsed' })]
    const input = tableOf(['shop-1'], [[40], [0]], { clusters, past })
    expect(trace(input)).toEqual(['shop-1 survived shop-1', '· returned shop-3'])
    expect(tell(input)).toEqual(['shop-3 is back: it was retired before'])
  })

  it('sees a segment split off while the rest lives on, with the shares of both', () => {
    const rows = [
      [62, 0],
      [31, 0],
      [7, 50],
    ]
    const input = tableOf(['shop-3', 'shop-8'], rows)
    expect(edgesOf(input).slice(0, 2)).toEqual([
      {
        ...{ fromSegmentKey: 'shop-3', toSegmentKey: 'shop-3', kind: 'survived' },
        ...{ overlap: 0.62, parentShare: 0.62, childShare: 1 },
      },
      {
        ...{ fromSegmentKey: 'shop-3', toSegmentKey: 'shop-9', kind: 'split' },
        ...{ overlap: 0.31, parentShare: 0.31, childShare: 1 },
      },
    ])
    expect(tell(input)).toEqual(['shop-3 split: 62 % stay as shop-3, 31 % became shop-9 (new)'])
  })

  it('sees a segment fall apart into a new one and one that lives on', () => {
    // Overlaps: 100 ÷ 145, 45 ÷ 185, and 40 ÷ 85, which is too little here.
    const rows = [
      [100, 45],
      [0, 40],
    ]
    const strict = { ...thresholds, minimumOverlap: 0.5 }
    const input = tableOf(['shop-1', 'shop-2'], rows, { thresholds: strict })
    expect(trace(input)).toEqual(['shop-1 survived shop-1', 'shop-2 split shop-1', 'shop-2 split shop-3'])
    expect(tell(input)).toEqual(['shop-2 split: 53 % went to shop-1, 47 % became shop-3 (new)'])
  })

  it('does not call a split what leaves too little together', () => {
    const rows = [
      [40, 0],
      [25, 0],
      [35, 80],
    ]
    expect(trace(tableOf(['shop-1', 'shop-2'], rows))).toEqual([
      'shop-1 survived shop-1',
      'shop-2 survived shop-2',
      '· appeared shop-3',
    ])
  })

  it('sees a segment absorbed by a survivor', () => {
    const rows = [
      [90, 20],
      [0, 0],
    ]
    const input = tableOf(['shop-1', 'shop-2'], rows)
    expect(trace(input)).toEqual(['shop-1 survived shop-1', 'shop-2 absorbed shop-1', '· appeared shop-3'])
    expect(tell(input)[0]).toBe('shop-2 was absorbed: 100 % of it went to shop-1')
  })

  it('sees several segments merged into a new one', () => {
    const input = tableOf(['shop-1', 'shop-2', 'shop-3', 'shop-4'], [[25, 25, 25, 25]])
    expect(trace(input)).toEqual([
      'shop-1 merged shop-5',
      'shop-2 merged shop-5',
      'shop-3 merged shop-5',
      'shop-4 merged shop-5',
    ])
    expect(tell(input)).toEqual([
      'shop-1 (100 % of it), shop-2 (100 % of it), shop-3 (100 % of it) and shop-4 (100 % of it) merged into shop-5 (new)',
    ])
  })

  it('counts a live segment that nobody is in as live, not as one that comes back', () => {
    const live = [segment('shop-1'), segment('shop-2', { ownKey: 'vip' })]
    const clusters = [cluster(), cluster({ ownKey: 'vip' })]
    expect(
      trace(
        tableOf(
          live,
          [
            [9, 0],
            [0, 0],
          ],
          { clusters },
        ),
      ),
    ).toEqual(['shop-1 survived shop-1', 'shop-2 survived shop-2'])
  })

  it('tells beside keys the names that are given', () => {
    const edges = [
      ...edgesOf(tableOf(['shop-1'], [[40], [0]])),
      { fromSegmentKey: 'shop-9', toSegmentKey: null, kind: 'disappeared' as const, overlap: 0, parentShare: null },
    ].map((edge) => ({ childShare: null, ...edge }))
    const names: Readonly<Record<string, string>> = { 'shop-1': 'Loyal', 'shop-2': 'Fresh' }
    expect(lineageTexts(notableLineage(edges), (key) => names[key] ?? key)).toEqual([
      'shop-9 disappeared: its customers are scattered',
      'shop-2 “Fresh” (new) appeared: it carries on no other segment',
    ])
  })

  it('accounts for every segment on either side', () => {
    const rows = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })).chain(([clusters, keys]) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: keys, maxLength: keys }), {
        minLength: clusters,
        maxLength: clusters,
      }),
    )
    fc.assert(
      fc.property(rows, (counts) => {
        const live = counts[0]!.map((_, i) => `shop-${i + 1}`)
        const input = tableOf(live, counts)
        const matches = identifyClusters(input)
        const edges = traceLineage(input, matches)
        const keys = matches.map(({ segmentKey }) => segmentKey)
        expect(new Set(edges.map((edge) => edge.fromSegmentKey).filter((key) => key !== null))).toEqual(new Set(live))
        expect(new Set(edges.map((edge) => edge.toSegmentKey).filter((key) => key !== null))).toEqual(new Set(keys))
        for (const key of live) {
          const shares = edges.filter((edge) => edge.fromSegmentKey === key).map((edge) => edge.parentShare ?? 0)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })
})
