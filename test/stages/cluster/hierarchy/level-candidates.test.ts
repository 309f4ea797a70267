import { describe, expect, it } from 'vitest'
import { levelCandidates, partitionsOf } from '../../../../src/stages/cluster/hierarchy/level-candidates.ts'
import type { ModelCluster } from '../../../../src/stages/cluster/model.ts'

const cluster = (level: number, parent: number | null): ModelCluster => ({
  ...{ ownKey: null, name: null, criteria: null },
  ...{ level, parent },
})
/** Three micro segments, two of them in macro segment 3, the other in 4; both macro segments in 5. */
const clusters = [cluster(0, 3), cluster(0, 4), cluster(0, 3), cluster(1, 5), cluster(1, 5), cluster(2, null)]

describe('the levels of a hierarchy', () => {
  it('are partitions of the same rows, the finest first', () => {
    expect(partitionsOf(clusters, Int32Array.of(0, 1, 2, 0))).toEqual([
      { labels: Int32Array.of(0, 1, 2, 0), clusterCount: 3 },
      { labels: Int32Array.of(0, 1, 0, 0), clusterCount: 2 },
      { labels: Int32Array.of(0, 0, 0, 0), clusterCount: 1 },
    ])
  })

  it('are evidence each: groups formed of those asked for, and the share of the smallest (by hand)', () => {
    const settled = { clusters, centres: [], sizes: [50, 30, 20] }
    const level = { minimumCustomers: 5, minimumShare: 0 }
    const levels = [
      { name: 'all', count: 2, ...level },
      { name: 'macro', count: 2, ...level },
      { name: 'micro', count: 4, ...level },
    ]
    const found = { silhouettes: [0.4, 0.5, null], inertia: 7, customerCount: 100 }
    expect(levelCandidates(settled, levels, found)).toMatchObject([
      {
        ...{ clusterCount: 3, silhouette: 0.4, inertia: 7, smallestShare: 0.2, chosen: true },
        reason:
          'Level micro, the finest: 3 groups of at most 4: another split would leave fewer customers than the minimum.',
      },
      {
        ...{ clusterCount: 2, silhouette: 0.5, inertia: null, smallestShare: 0.3, chosen: false },
        reason: 'Level macro, above the segments: 2 groups, as many as asked for.',
      },
      { clusterCount: 1, silhouette: null, smallestShare: 1, chosen: false },
    ])
  })
})
