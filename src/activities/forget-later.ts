import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Comparison } from './comparison-inputs.ts'
import { countOverlap, type IdentifiedSegments } from './identify-segments.ts'

/** Tables of what is live that a run forgets which fills in what lies before all publications. */
export const forgottenTables = ['live', 'live_also', 'live_overrides', 'former'] as const

/** Where a table is that was forgotten. */
export function laterOf(table: string): string {
  return `later_${table}`
}

/**
 * A run that fills in what lies before all publications has taken the keys of its segments from the nearest one after it. For the rest it is
 * the first run: nobody was anywhere before. Forgets the memberships of that publication, in the tables too.
 */
export async function forgetLater(
  session: ComputeSession,
  comparison: Comparison,
  { matches }: IdentifiedSegments,
): Promise<{ readonly comparison: Comparison; readonly identified: IdentifiedSegments }> {
  for (const table of forgottenTables) {
    await session.execute(`CREATE TABLE ${laterOf(table)} AS SELECT * FROM ${table}`)
    await session.execute(`DELETE FROM ${table}`)
  }
  await session.execute('UPDATE population SET previous_segment_key = NULL')
  const overlap = await countOverlap(session, comparison)
  const lineage = matches.map(({ segmentKey }) => ({
    ...{ fromSegmentKey: null, toSegmentKey: segmentKey, kind: 'appeared' as const },
    ...{ overlap: 0, parentShare: null, childShare: null },
  }))
  return {
    comparison: { ...comparison, state: { ...comparison.state, live: null } },
    identified: { overlap, matches, lineage, retiredKeys: [] },
  }
}
