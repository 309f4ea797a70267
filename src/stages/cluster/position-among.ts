/** On which side of a cut a value lies that equals it. */
export type CutSide = 'above' | 'atLeast'

/**
 * How many cuts a value has passed: those below it, with `atLeast` also those equal to it. Equal values have equal positions, however
 * many cuts are the same.
 *
 * @param cuts ascending
 */
export function positionAmong(value: number, cuts: readonly number[], side: CutSide): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const isPassed = side === 'above' ? cuts[middle]! < value : cuts[middle]! <= value
    if (isPassed) low = middle + 1
    else high = middle
  }
  return low
}
