import { moveReasons } from '../../../run/transition.ts'
import { selectQuantile } from '../../../stats/quantile.ts'
import type { ComparisonMeasure } from './measures.ts'

/** Of customers who are where they were. */
const STAYED = 'stayed'
/** Of whom margins are told, by position. */
export const marginSubjects: readonly string[] = [STAYED, ...moveReasons]
/** Share of the customers of a reason who are as near to a border, or nearer. */
const LOW = 0.1

/**
 * How far customers are from the next segment, by why they moved: those who moved and are near a border might as well be where they were.
 *
 * @param margins (distance to the next − distance to the own) ÷ distance to the next, 0 at a border and 1 at a centre
 * @param subjects position of each customer's among `marginSubjects`
 */
export function compareMargins(margins: Float64Array, subjects: Int32Array): readonly ComparisonMeasure[] {
  return marginSubjects.flatMap((subject, position): ComparisonMeasure[] => {
    const own = margins.filter((_, row) => subjects[row] === position)
    if (own.length === 0) return []
    return [
      { measure: 'margin_median', subject, value: selectQuantile(own, 0.5), previous: null },
      { measure: 'margin_low', subject, value: selectQuantile(own, LOW), previous: null },
    ]
  })
}
