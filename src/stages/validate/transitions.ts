import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import type { MoveReason } from '../../run/transition.ts'
import type { Transition } from './validation.ts'

/** Customers by segment, counted apart from the transitions. */
export type Population = Readonly<Record<string, number>>

/**
 * Rows and columns of the transitions sum to the two populations, segment by segment: nobody was lost or invented.
 *
 * @param published customers of each live segment; empty on a first run
 * @param candidate customers of each segment of this run
 * @throws CountsDoNotReconcile
 */
export function assertTransitionsConserve(
  transitions: readonly Transition[],
  published: Population,
  candidate: Population,
): void {
  const sides = [
    { of: 'published', population: published, side: 'fromSegmentKey' },
    { of: 'new', population: candidate, side: 'toSegmentKey' },
  ] as const
  for (const { of, population, side } of sides) {
    const sums: Record<string, number> = {}
    for (const transition of transitions) {
      const key = transition[side]
      if (key !== null) sums[key] = (sums[key] ?? 0) + transition.customers
    }
    for (const key of new Set([...Object.keys(population), ...Object.keys(sums)])) {
      const [counted, summed] = [population[key] ?? 0, sums[key] ?? 0]
      if (counted !== summed)
        throw new CountsDoNotReconcile(
          `The transitions count ${summed} customers of ${of} segment ${key}, which has ${counted}.`,
          'Nothing was published. Rerun; when it happens again, report it with the run id.',
        )
    }
  }
}

/** Customers of the panel whose segment changed. */
export function countMoved(transitions: readonly Transition[]): number {
  return transitions
    .filter(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey && toSegmentKey && fromSegmentKey !== toSegmentKey)
    .reduce((sum, { customers }) => sum + customers, 0)
}

/** A row of `COUNT_TRANSITIONS`. */
export function readTransition(row: Readonly<Record<string, unknown>>): Transition {
  return {
    fromSegmentKey: row.from_segment_key as string | null,
    toSegmentKey: row.to_segment_key as string | null,
    moveReason: row.move_reason as MoveReason | null,
    customers: Number(row.customers),
  }
}
