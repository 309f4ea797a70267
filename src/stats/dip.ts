/** Greatest convex minorant and least concave majorant of a distribution, as the places where each turns. */
interface Hulls {
  /** Place → the place before it on the minorant. */
  readonly before: Int32Array
  /** Place → the place after it on the majorant. */
  readonly after: Int32Array
}

/**
 * Dip statistic (Hartigan & Hartigan 1985, by the algorithm of Hartigan 1985, AS 217): the largest distance of the empirical distribution
 * to the nearest distribution with a single peak. A modal interval is narrowed until no part of it lies farther from a convex rise and
 * a concave fall than what was found outside.
 *
 * @param sorted ascending, without NaN
 * @returns at least 1 ÷ 2n; 0 for fewer than four values, which always have one peak, or when all are the same
 */
export function dipOf(sorted: Float64Array): number {
  const count = sorted.length
  if (count < 4 || sorted[0] === sorted[count - 1]) return 0
  const hulls: Hulls = { before: minorant(sorted), after: majorant(sorted) }
  let [low, high] = [0, count - 1]
  // In units of 1 ÷ 2n.
  let dip = 1
  for (;;) {
    const rise = walk(hulls.before, high, low)
    const fall = walk(hulls.after, low, high)
    const gap = widestGap(sorted, rise, fall)
    if (gap.size < dip) break
    const outside = Math.max(distanceToRise(sorted, rise, gap.rise), distanceToFall(sorted, fall, gap.fall))
    dip = Math.max(dip, outside)
    const [nextLow, nextHigh] = [rise[gap.rise]!, fall[gap.fall]!]
    if (low === nextLow && high === nextHigh) break
    ;[low, high] = [nextLow, nextHigh]
  }
  return dip / (2 * count)
}

function minorant(sorted: Float64Array): Int32Array {
  const before = new Int32Array(sorted.length)
  for (let at = 1; at < sorted.length; at++) {
    let last = at - 1
    while (last > 0) {
      const earlier = before[last]!
      if ((sorted[at]! - sorted[last]!) * (last - earlier) < (sorted[last]! - sorted[earlier]!) * (at - last)) break
      last = earlier
    }
    before[at] = last
  }
  return before
}

function majorant(sorted: Float64Array): Int32Array {
  const end = sorted.length - 1
  const after = new Int32Array(sorted.length).fill(end)
  for (let at = end - 1; at >= 0; at--) {
    let next = at + 1
    while (next < end) {
      const later = after[next]!
      if ((sorted[at]! - sorted[next]!) * (next - later) < (sorted[next]! - sorted[later]!) * (at - next)) break
      next = later
    }
    after[at] = next
  }
  return after
}

/** Places from one to another, both included. */
function walk(step: Int32Array, from: number, to: number): readonly number[] {
  const places = [from]
  while (places.at(-1) !== to) places.push(step[places.at(-1)!]!)
  return places
}

/**
 * Where majorant and minorant lie farthest apart, looked for at the turns of both from low to high.
 *
 * @param rise turns of the minorant from high to low
 * @param fall turns of the majorant from low to high
 * @returns the size, and the turns that end and begin the next modal interval
 */
function widestGap(
  sorted: Float64Array,
  rise: readonly number[],
  fall: readonly number[],
): { size: number; rise: number; fall: number } {
  const widest = { size: 0, rise: rise.length - 1, fall: fall.length - 1 }
  if (rise.length === 2 && fall.length === 2) return widest
  let r = rise.length - 2
  let f = 1
  do {
    const [onRise, onFall] = [rise[r]!, fall[f]!]
    if (onRise > onFall) {
      const start = rise[r + 1]!
      const slope = (onRise - start) / (sorted[onRise]! - sorted[start]!)
      const size = onFall - start + 1 - (sorted[onFall]! - sorted[start]!) * slope
      f += 1
      if (size >= widest.size) Object.assign(widest, { size, rise: r + 1, fall: f - 1 })
    } else {
      const start = fall[f - 1]!
      const slope = (onFall - start) / (sorted[onFall]! - sorted[start]!)
      const size = (sorted[onRise]! - sorted[start]!) * slope - (onRise - start - 1)
      r -= 1
      if (size >= widest.size) Object.assign(widest, { size, rise: r + 1, fall: f })
    }
    r = Math.max(r, 0)
    f = Math.min(f, fall.length - 1)
  } while (rise[r] !== fall[f])
  return widest
}

/** Largest distance of the distribution to the minorant below the modal interval. */
function distanceToRise(sorted: Float64Array, rise: readonly number[], from: number): number {
  let largest = 0
  for (let turn = from; turn < rise.length - 1; turn++) {
    const [start, end] = [rise[turn + 1]!, rise[turn]!]
    largest = Math.max(
      largest,
      farthest(sorted, start, end, (along, at) => at - start + 1 - along),
    )
  }
  return largest
}

/** Largest distance of the distribution to the majorant above the modal interval. */
function distanceToFall(sorted: Float64Array, fall: readonly number[], from: number): number {
  let largest = 0
  for (let turn = from; turn < fall.length - 1; turn++) {
    const [start, end] = [fall[turn]!, fall[turn + 1]!]
    largest = Math.max(
      largest,
      farthest(sorted, start, end, (along, at) => along - (at - start - 1)),
    )
  }
  return largest
}

/** @param distanceAt of a place and of how far the straight line from start to end has come there */
function farthest(
  sorted: Float64Array,
  start: number,
  end: number,
  distanceAt: (along: number, at: number) => number,
): number {
  let largest = 1
  if (end - start <= 1 || sorted[end] === sorted[start]) return largest
  const slope = (end - start) / (sorted[end]! - sorted[start]!)
  for (let at = start; at <= end; at++)
    largest = Math.max(largest, distanceAt((sorted[at]! - sorted[start]!) * slope, at))
  return largest
}
