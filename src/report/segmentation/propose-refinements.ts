import { bordersOf } from './refinements/borders.ts'
import { emergingIn } from './refinements/emerging.ts'
import { groupsOf, type Told } from './refinements/groups.ts'
import { measurePairs } from './refinements/measured-pair.ts'
import { mergesOf } from './refinements/merges.ts'
import type { Proposal, Refinements } from './refinements/proposal.ts'
import { splitsIn } from './refinements/splits.ts'

/**
 * Looks for borders beside a valley, for segments that hold two groups, for groups apart from all segments, and for neighbours that are one. The
 * same rows in the same order give the same proposals.
 *
 * @param values shape (n, dimensions), row-major, standardised
 * @param about features in their own unit are of shape (n)
 * @param segmentKeys shape (n)
 * @param previous segment of each at the last publication, null: in none; absent: there was none. Shape (n)
 */
export function proposeRefinements(
  values: Float64Array,
  about: Told,
  segmentKeys: readonly string[],
  previous?: readonly (string | null)[],
): Refinements {
  const dimensions = about.names.length
  const groups = groupsOf(values, dimensions, segmentKeys)
  const pairs = measurePairs(groups, dimensions)
  const splits = splitsIn(groups, about)
  const kinds = [bordersOf(pairs, about), splits.proposals, emergingIn(groups, about, previous), mergesOf(pairs, about)]
  return { segments: splits.looked, borders: pairs.length, proposals: withoutContradictions(kinds.flat()) }
}

/** One change at a time: a segment whose border moves, or that parts in two, is another one afterwards. The first stands. */
function withoutContradictions(proposals: readonly Proposal[]): readonly Proposal[] {
  const changed = new Set<string>()
  return proposals.filter((proposal) => {
    const keys = 'segmentKeys' in proposal ? proposal.segmentKeys : [proposal.segmentKey]
    if (keys.some((key) => changed.has(key))) return false
    keys.forEach((key) => changed.add(key))
    return true
  })
}
