import { describe, expect, it } from 'vitest'
import { crossLayers, joinLayers } from '../../../../src/stages/cluster/hybrid/join-layers.ts'
import type { LayerToJoin } from '../../../../src/stages/cluster/hybrid/join-layers.ts'
import { crossPlaced, gatherLayers, takeCustomers } from '../../../../src/stages/cluster/hybrid/place-layers.ts'
import type { LayerPlaced } from '../../../../src/stages/cluster/hybrid/place-layers.ts'
import { shareColumns } from '../../../../src/stages/cluster/hybrid/share-columns.ts'
import type { ModelCluster } from '../../../../src/stages/cluster/model.ts'
import type { Placed } from '../../../../src/stages/cluster/placed.ts'

const named = (ownKey: string, level = 0, parent: number | null = null): ModelCluster => ({
  ...{ ownKey, name: ownKey.toUpperCase(), criteria: `is ${ownKey}`, level, parent },
})
const plain = (parent: number | null): ModelCluster => ({
  ...{ ownKey: null, name: null, criteria: null, level: 0, parent },
})
const layerOf = (name: string, clusters: readonly ModelCluster[], more: object = {}, unused: readonly number[] = []) =>
  ({
    name,
    unused,
    model: { clusters, scores: [], also: [], reasons: [], ...more },
  }) as unknown as LayerToJoin

const accounts = layerOf(
  'accounts',
  [named('vip'), named('partner'), named('others')],
  { reasons: ['VIP', 'Partner'] },
  [2],
)
const rest = layerOf('rest', [plain(2), plain(2), named('macro', 1)], {
  scores: [{ name: 'p', unit: 'share' }],
  also: [{ layer: 'macro' }],
  reasons: ['recency'],
})

describe('joinLayers', () => {
  it('numbers the clusters of layers one after the other, own keys in the layer’s name, without those that nobody can be in', () => {
    const joined = joinLayers([accounts, rest])
    expect(joined.clusters.map(({ ownKey, level, parent }) => [ownKey, level, parent])).toEqual([
      ['accounts/vip', 0, null],
      ['accounts/partner', 0, null],
      [null, 0, 4],
      [null, 0, 4],
      ['rest/macro', 1, null],
    ])
    expect(joined.numbers).toEqual([
      [0, 1, -1],
      [2, 3, 4],
    ])
    expect(joined).toMatchObject({
      layers: ['accounts', 'rest'],
      also: [{ layer: 'rest/macro' }],
      reasons: ['VIP', 'Partner', 'recency'],
    })
  })

  it('tells scores of the same name apart by their layers, and a layer without customers has none', () => {
    const other = layerOf('other', [plain(null)], {
      scores: [
        { name: 'p', unit: 'share' },
        { name: 'q', unit: 'days' },
      ],
    })
    expect(joinLayers([rest, other, { name: 'empty', model: null, unused: [] }])).toMatchObject({
      layers: ['rest', 'other', 'empty'],
      scores: [{ name: 'rest/p' }, { name: 'other/p' }, { name: 'q' }],
    })
  })
})

describe('crossLayers', () => {
  const tiers = layerOf('tiers', [named('a'), named('b')])
  it('puts combinations first, and the layers’ own clusters one level higher', () => {
    const crossed = crossLayers(
      [accounts, tiers].map((one) => ({ ...one, unused: [] })),
      [[0, 0], [1], null],
      new Set([1]),
    )
    expect(crossed.clusters.map(({ ownKey, name, level, parent }) => [ownKey, name, level, parent])).toEqual([
      ['accounts/vip+tiers/a', 'VIP · A', 0, 3],
      ['accounts/partner+*', 'PARTNER · all', 0, null],
      ['pooled', 'Small combinations', 0, null],
      ['accounts/vip', 'VIP', 1, null],
      ['accounts/partner', 'PARTNER', 1, null],
      ['accounts/others', 'OTHERS', 1, null],
      ['tiers/a', 'A', 1, null],
      ['tiers/b', 'B', 1, null],
    ])
    expect(crossed.clusters[0]!.criteria).toBe('accounts: is vip; tiers: is a')
    expect(crossed).toMatchObject({ layers: ['cluster'], also: [{ layer: 'accounts' }, { layer: 'tiers' }] })
  })

  it('leaves a combination with a cluster known by its members to be known and named by its members', () => {
    const [first] = crossLayers([tiers, rest], [[0, 1]], new Set()).clusters
    expect(first).toMatchObject({ ownKey: null, name: null, criteria: null })
  })
})

/** Reasons as pairs of label and size, one list a rank. */
function placed(cluster: number[], confidence: number[], more: Partial<Placed> = {}): Placed {
  const rows = cluster.length
  return {
    cluster: Int32Array.from(cluster),
    confidence: Float64Array.from(confidence),
    distance: new Float64Array(rows).fill(1),
    nextCluster: Int32Array.from(cluster, (one) => 1 - one),
    isOutlier: new Int32Array(rows),
    layer: null,
    scores: [],
    also: [],
    reasons: [],
    ...more,
  }
}
const reason = (label: number[], size: number[]) => ({ label: Int32Array.from(label), size: Float64Array.from(size) })

describe('placing by layers', () => {
  it('gives a customer to the first layer that wants it', () => {
    const wants = [Int32Array.of(0, 1, 0, 1), Int32Array.of(0, 1, 1, 0), null]
    expect([...takeCustomers(wants, 4)]).toEqual([2, 0, 1, 0])
    expect([...takeCustomers([Int32Array.of(0)], 1)]).toEqual([-1])
  })

  it('gathers what each layer says of its own customers, nothing where a layer does not apply', () => {
    const layers: readonly LayerPlaced[] = [
      {
        rows: Int32Array.of(2),
        placed: placed([1], [1], { reasons: [reason([1], [1])] }),
        ...{ numbers: [0, 1, -1], scores: 0, also: 0, reasons: 2 },
      },
      {
        rows: Int32Array.of(0, 1),
        placed: placed([0, 1], [0.5, 0.25], {
          scores: [Float64Array.of(7, 8)],
          also: [Int32Array.of(2, 2)],
          reasons: [reason([0, -1], [-0.5, NaN])],
        }),
        ...{ numbers: [2, 3, 4], scores: 1, also: 1, reasons: 1 },
      },
    ]
    const all = gatherLayers(layers, 3)
    expect([...all.cluster]).toEqual([2, 3, 1])
    expect([...all.nextCluster]).toEqual([3, 2, 0])
    expect([...all.layer!]).toEqual([1, 1, 0])
    expect([...all.confidence]).toEqual([0.5, 0.25, 1])
    expect([...all.scores[0]!]).toEqual([7, 8, NaN])
    expect([...all.also[0]!]).toEqual([4, 4, -1])
    expect([...all.reasons[0]!.label]).toEqual([2, -1, 1])
    expect([...all.reasons[0]!.size]).toEqual([-0.5, NaN, 1])
  })

  it('crosses layers: as sure as the least sure one, which makes the next combination; reasons in turn', () => {
    const layers: readonly LayerPlaced[] = [
      {
        rows: Int32Array.of(0, 1),
        placed: placed([0, 1], [1, NaN], { reasons: [reason([0, 0], [3, 3]), reason([1, -1], [2, NaN])] }),
        ...{ numbers: [4, 5], scores: 0, also: 0, reasons: 2 },
      },
      {
        rows: Int32Array.of(0, 1),
        placed: placed([1, 0], [0.5, 0.75], { isOutlier: Int32Array.of(0, 1), reasons: [reason([0, 0], [9, 9])] }),
        ...{ numbers: [6, 7], scores: 0, also: 0, reasons: 1 },
      },
    ]
    // Cells of 2 × 2; the last one joined the third.
    const all = crossPlaced(layers, 2, ([a, b]) => [0, 1, 2, 2][a! * 2 + b!]!)
    expect([...all.cluster]).toEqual([1, 2])
    expect([...all.confidence]).toEqual([0.5, 0.75])
    // Of the second customer the next combination is its own.
    expect([...all.nextCluster]).toEqual([0, -1])
    expect(all.also.map((column) => [...column])).toEqual([
      [4, 5],
      [7, 6],
    ])
    expect([...all.isOutlier]).toEqual([0, 1])
    expect(all.reasons.map(({ label }) => [...label])).toEqual([
      [0, 0],
      [2, 2],
      [1, -1],
    ])
    expect(all.layer).toBeNull()
  })
})

describe('shareColumns', () => {
  it('reads what several want once', () => {
    expect(shareColumns([{ a: 'x', b: 'y' }, { c: 'y' }, {}])).toEqual({
      columns: { column_0: 'x', column_1: 'y' },
      names: [{ a: 'column_0', b: 'column_1' }, { c: 'column_1' }, {}],
    })
  })
})
