import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import type { Validation } from '../validate/validation.ts'

/**
 * Refuses a validation whose figures contradict one another, before anything is written: its segments of level 0 must add up to all customers, and its
 * transitions, read by their ends, to each segment.
 *
 * @param rowCount rows of the validated candidate
 */
export function reconcile(validation: Validation, rowCount: number): void {
  const { segments, customers } = validation
  const keys = new Set(segments.map((segment) => segment.segmentKey))
  if (keys.size !== segments.length) refuse('a segment key occurs twice')
  const primary = segments.filter(({ level }) => level === 0)
  const placed = primary.reduce((sum, segment) => sum + segment.customers, 0)
  if (placed !== customers || rowCount !== customers)
    refuse(`${customers} customers were counted, ${rowCount} rows written, ${placed} placed in segments`)
  if (validation.comparedWith === null) return
  for (const segment of primary) {
    const arrived = validation.transitions
      .filter((transition) => transition.toSegmentKey === segment.segmentKey)
      .reduce((sum, transition) => sum + transition.customers, 0)
    if (arrived !== segment.customers)
      refuse(`transitions bring ${arrived} customers to ${segment.segmentKey}, which has ${segment.customers}`)
  }
}

function refuse(contradiction: string): never {
  throw new CountsDoNotReconcile(
    `The validation contradicts itself: ${contradiction}. Nothing was published.`,
    'Start the next revision; if it happens again, report it with the manifest of stage validate.',
  )
}
