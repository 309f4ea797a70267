import { dipTest } from './dip-test.ts'
import { momentsOf } from './moments.ts'

/** What lies between two groups. */
export interface MeasuredBorder {
  /** Of the rows of both along the line through their means. */
  readonly dip: number
  /** Small where there is a valley. */
  readonly p: number
  /** Between the means, in pooled standard deviations within the groups along that line; infinite where neither varies. */
  readonly distance: number
  /** Of the rows of the first, then of the second, along that line; the second lies further. */
  readonly places: Float64Array
}

/**
 * Whether there is a valley between two groups, along the line through their means.
 *
 * @param first shape (rows, dimensions), row-major, finite, with rows; `second` likewise
 */
export function measureBorder(first: Float64Array, second: Float64Array, dimensions: number): MeasuredBorder {
  const [from, to] = [meanOf(first, dimensions), meanOf(second, dimensions)]
  const line = to.map((value, j) => value - from[j]!)
  const ofEach = [first, second].map((values) => placesAlong(values, line)) as [Float64Array, Float64Array]
  const [a, b] = ofEach.map(momentsOf) as [ReturnType<typeof momentsOf>, ReturnType<typeof momentsOf>]
  const count = ofEach[0].length + ofEach[1].length
  const apart = b.mean - a.mean
  const spread = Math.sqrt((a.squaredDeviations + b.squaredDeviations) / count)
  const both = new Float64Array(count)
  both.set(ofEach[0])
  both.set(ofEach[1], ofEach[0].length)
  return { ...dipTest(both), distance: apart === 0 ? 0 : apart / spread, places: both }
}

/** Mean of the rows, shape (dimensions). */
export function meanOf(values: Float64Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions)
  for (let i = 0; i < values.length; i++) mean[i % dimensions]! += values[i]!
  const rowCount = values.length / dimensions
  return mean.map((sum) => sum / rowCount)
}

/** @param line shape (dimensions) */
export function placesAlong(values: Float64Array, line: Float64Array): Float64Array {
  const dimensions = line.length
  const places = new Float64Array(values.length / dimensions)
  for (let i = 0, at = 0; i < places.length; i++)
    for (let j = 0; j < dimensions; j++, at++) places[i]! += values[at]! * line[j]!
  return places
}
