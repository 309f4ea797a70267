import { covariance, mainDirection } from './principal-component.ts'

/** Share of the variance below which it is rounding. */
const NOTHING = 1e-12

/** Rows on the plane in which they vary most. */
export interface PrincipalPlane {
  /** Shape (rows), around 0. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** Share of the variance along each axis, 0 to 1. */
  readonly explained: readonly [x: number, y: number]
}

/**
 * First two principal components (Pearson 1901), by power iteration on the covariance and on what the first leaves of it (Hotelling 1933).
 *
 * @param values shape (rows, dimensions), row-major, finite
 * @returns signs are such that the largest part of each direction is positive; all 0 along an axis in which nothing varies
 */
export function principalPlane(values: Float64Array, dimensions: number): PrincipalPlane {
  const rowCount = dimensions === 0 ? 0 : values.length / dimensions
  const means = new Float64Array(dimensions)
  for (let i = 0; i < values.length; i++) means[i % dimensions]! += values[i]! / rowCount
  const sums = covariance(values, means)
  let total = 0
  for (let j = 0; j < dimensions; j++) total += sums[j * dimensions + j]!
  const first = mainDirection(sums, dimensions)
  const firstSpread = spreadAlong(sums, first)
  const left = sums.map((sum, i) => sum - firstSpread * first[Math.floor(i / dimensions)]! * first[i % dimensions]!)
  const next = mainDirection(left, dimensions)
  // What subtraction leaves of nothing is no direction.
  const second = spreadAlong(left, next) > NOTHING * total ? next : new Float64Array(dimensions)
  const shareOf = (spread: number): number => (total === 0 ? 0 : Math.max(0, spread) / total)
  return {
    x: placesAlong(values, means, first),
    y: placesAlong(values, means, second),
    explained: [shareOf(firstSpread), shareOf(spreadAlong(left, second))],
  }
}

function spreadAlong(sums: Float64Array, direction: Float64Array): number {
  const dimensions = direction.length
  let spread = 0
  for (let j = 0; j < dimensions; j++)
    for (let l = 0; l < dimensions; l++) spread += direction[j]! * sums[j * dimensions + l]! * direction[l]!
  return spread
}

function placesAlong(values: Float64Array, means: Float64Array, direction: Float64Array): Float64Array {
  const dimensions = direction.length
  const places = new Float64Array(dimensions === 0 ? 0 : values.length / dimensions)
  for (let i = 0, at = 0; i < places.length; i++)
    for (let j = 0; j < dimensions; j++, at++) places[i]! += (values[at]! - means[j]!) * direction[j]!
  return places
}
