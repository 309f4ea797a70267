import { principalPlane } from '../../stats/principal-plane.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'

/** A segment on the map; lengths are in standard deviations of the standardised features. */
export interface MappedSegment {
  readonly segmentKey: string
  readonly x: number
  readonly y: number
  /** Half axes of the ellipse in which half of the customers lie if they lie normally, and the angle of the first one in radians. */
  readonly outline: { readonly major: number; readonly minor: number; readonly angle: number }
  /** Middle of a square of the grid and the customers in it, at least five. */
  readonly cells: readonly (readonly [x: number, y: number, customers: number])[]
}

/** Customers on the plane in which they differ most. */
export interface SegmentMap {
  /** Customers that were looked at. */
  readonly customers: number
  /** Of these, the share that no square shows: fewer than five of a segment are in it. */
  readonly withheldShare: number
  /** Share of the variance along each axis, 0 to 1. */
  readonly explained: readonly [x: number, y: number]
  readonly segments: readonly MappedSegment[]
}

const FEWEST_SQUARES = 14
const MOST_SQUARES = 44
/** Customers to a square of the grid, about. */
const TO_A_SQUARE = 12
/** √ of the median of chi² with two degrees of freedom. */
const HALF_OF_NORMAL = Math.sqrt(2 * Math.log(2))

/**
 * Draws customers on their principal plane (Pearson 1901) as counts in squares, so that nobody is a point.
 *
 * @param values shape (n, dimensions), row-major, standardised
 * @param segmentKeys shape (n)
 * @returns null where there are too few customers or dimensions for a plane
 */
export function drawMap(values: Float64Array, dimensions: number, segmentKeys: readonly string[]): SegmentMap | null {
  const customers = segmentKeys.length
  if (dimensions < 2 || customers < 2 * SMALLEST_CELL) return null
  const { x, y, explained } = principalPlane(values, dimensions)
  const [left, right] = extentOf(x)
  const [low, high] = extentOf(y)
  const squares = Math.min(MOST_SQUARES, Math.max(FEWEST_SQUARES, Math.round(Math.sqrt(customers / TO_A_SQUARE))))
  const width = Math.max(right - left, high - low) / squares
  if (!(width > 0)) return null
  const keys = [...new Set(segmentKeys)].sort()
  const middle = (at: number, start: number): number => round(start + (Math.floor((at - start) / width) + 0.5) * width)
  let shown = 0
  const segments = keys.flatMap((segmentKey): MappedSegment[] => {
    const rows = segmentKeys.flatMap((key, row) => (key === segmentKey ? [row] : []))
    if (rows.length < SMALLEST_CELL) return []
    const counts = new Map<string, [number, number, number]>()
    for (const row of rows) {
      const [atX, atY] = [middle(x[row]!, left), middle(y[row]!, low)]
      const cell = counts.get(`${atX} ${atY}`) ?? [atX, atY, 0]
      cell[2] += 1
      counts.set(`${atX} ${atY}`, cell)
    }
    const cells = [...counts.values()].filter(([, , count]) => count >= SMALLEST_CELL)
    shown += cells.reduce((sum, [, , count]) => sum + count, 0)
    return [{ segmentKey, ...ellipseOf(rows, x, y), cells }]
  })
  return {
    customers,
    withheldShare: round(1 - shown / customers),
    explained: [round(explained[0]), round(explained[1])],
    segments,
  }
}

function ellipseOf(
  rows: readonly number[],
  x: Float64Array,
  y: Float64Array,
): Omit<MappedSegment, 'segmentKey' | 'cells'> {
  const mean = (values: Float64Array): number => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length
  const [meanX, meanY] = [mean(x), mean(y)]
  let [xx, yy, xy] = [0, 0, 0]
  for (const row of rows) {
    const [dx, dy] = [x[row]! - meanX, y[row]! - meanY]
    xx += (dx * dx) / rows.length
    yy += (dy * dy) / rows.length
    xy += (dx * dy) / rows.length
  }
  const middle = (xx + yy) / 2
  const reach = Math.hypot((xx - yy) / 2, xy)
  return {
    x: round(meanX),
    y: round(meanY),
    outline: {
      major: round(HALF_OF_NORMAL * Math.sqrt(middle + reach)),
      minor: round(HALF_OF_NORMAL * Math.sqrt(Math.max(0, middle - reach))),
      angle: round(Math.atan2(2 * xy, xx - yy) / 2),
    },
  }
}

function extentOf(values: Float64Array): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

/** Digits that can be seen. */
function round(value: number): number {
  return Number(value.toFixed(3)) + 0
}
