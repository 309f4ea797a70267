import type { IndexedPipeline, IndexLinks } from '../../../src/report/segmentation/index-document.ts'
import { withholdPaths } from '../../../src/report/segmentation/withhold-paths.ts'
import type { SegmentPaths } from '../../../src/run/segment-paths.ts'

export type Keys = readonly (string | null)[]

/** As the warehouse counts them. */
export function countPaths(customers: readonly Keys[]): SegmentPaths {
  const present = customers.filter((keys) => keys.some((key) => key !== null))
  const count = (all: readonly unknown[]): [unknown, number][] => {
    const counts = new Map<string, number>()
    for (const one of all) counts.set(JSON.stringify(one), (counts.get(JSON.stringify(one)) ?? 0) + 1)
    return [...counts].map(([text, number]) => [JSON.parse(text), number])
  }
  const throughout = present.filter((keys) => !keys.includes(null))
  const stops = (customers[0] ?? []).map((_, at) => ({
    ...{
      runKey: `shop@2026-0${at + 1}-01`,
      revision: 1,
      period: `2026-Q${at + 1}`,
      asOf: `2026-0${at + 1}-01T00:00:00Z`,
    },
  }))
  return {
    stops,
    names: { a: 'Loyal', b: 'Lapsing' },
    ...{ customers: present.length, throughout: throughout.length },
    stayed: throughout.filter((keys) => keys.every((key) => key === keys[0])).length,
    paths: count(present)
      .map(([segmentKeys, customers]) => ({ segmentKeys: segmentKeys as Keys, customers }))
      .sort((one, other) => other.customers - one.customers),
    steps: stops.slice(1).flatMap((_, position) =>
      count(present.map((keys) => [keys[position], keys[position + 1]]))
        .map(([way, customers]) => {
          const [fromSegmentKey, toSegmentKey] = way as [string | null, string | null]
          return { position, fromSegmentKey, toSegmentKey, customers }
        })
        .filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== null || toSegmentKey !== null),
    ),
  }
}

export const times = (customers: number, ...keys: Keys): readonly Keys[] =>
  Array.from({ length: customers }, () => keys)

// 100 customers; 40 + 20 + 20 were there each time, and 60 of these 80 stayed where they were.
export const shop = countPaths([
  ...times(40, 'a', 'a', 'a'),
  ...times(20, 'a', 'b', 'b'),
  ...times(20, 'b', 'b', 'b'),
  ...times(11, 'b', 'b', null),
  ...times(9, null, 'a', 'a'),
])

export const pipeline = (found: SegmentPaths, more: Partial<IndexedPipeline> = {}): IndexedPipeline => ({
  pipeline: 'shop',
  description: '',
  runs: found.stops.map(({ runKey, period, asOf }, at) => ({
    ...{ runId: `${runKey}~1`, period, asOf, verdict: null, isLive: at === found.stops.length - 1, moved: null },
    segments: ['a', 'b'].map((segmentKey) => ({
      segmentKey,
      name: found.names[segmentKey]!,
      customers: 50,
      share: 0.5,
    })),
  })),
  ...{ paths: withholdPaths(found) ?? null, reviews: [], ...more },
})
export const links: IndexLinks = { report: (id: string) => `/${id}`, review: (id: string) => `/reviews/${id}` }
