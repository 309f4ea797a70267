import type { CandidateSegment, SegmentProfile } from './validation.ts'

/** Feature → share of the customers of whom it is known. */
export type Completeness = Readonly<Record<string, number>>

/**
 * Of how many customers each feature is known, from its profiles: they say of each segment for how many it is not. Levels of a category,
 * `geography: DE`, are of one feature.
 */
export function measureCompleteness(
  profiles: readonly Pick<SegmentProfile, 'segmentKey' | 'feature' | 'nullShare'>[],
  segments: readonly Pick<CandidateSegment, 'segmentKey' | 'customers' | 'level'>[],
): Completeness {
  const sizes = new Map(segments.flatMap((one) => (one.level === 0 ? [[one.segmentKey, one.customers] as const] : [])))
  const known = new Map<string, { column: string; customers: number; all: number }>()
  for (const { segmentKey, feature, nullShare } of profiles) {
    const size = sizes.get(segmentKey) ?? 0
    const name = feature.split(': ')[0]!
    const before = known.get(name) ?? { column: feature, customers: 0, all: 0 }
    if (before.column !== feature || size === 0) continue
    // A share of whole customers: rounding gives their number back.
    const customers = before.customers + Math.round((1 - nullShare) * size)
    known.set(name, { ...before, customers, all: before.all + size })
  }
  return Object.fromEntries([...known].map(([name, { customers, all }]) => [name, customers / all]))
}
