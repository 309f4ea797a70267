import { uniformDraws } from './uniform-draws.ts'

/**
 * Hopkins statistic (Hopkins & Skellam 1954; for many dimensions Cross & Jain 1982): are rows nearer to one another than places drawn
 * evenly over the box they lie in are to rows? It compares nearest distances to the power of the dimensions. It doesn't tell one heap from
 * several: the dip does. O(probes × rows).
 *
 * @param values shape (rows, dimensions), row-major, finite
 * @param probes how many rows, and how many places, are looked at
 * @returns about 0.5 for rows spread evenly, near 1 for heaps; NaN with fewer than two rows, or without a column that varies
 */
export function hopkins(values: Float64Array, dimensions: number, probes: number, seed: number): number {
  const rowCount = dimensions === 0 ? 0 : values.length / dimensions
  const { lowest, highest } = boxOf(values, dimensions)
  const varying = lowest.reduce((count, low, j) => count + (low < highest[j]! ? 1 : 0), 0)
  if (rowCount < 2 || varying === 0) return NaN
  const draw = uniformDraws(seed)
  const place = new Float64Array(dimensions)
  let [ofPlaces, ofRows] = [0, 0]
  for (let probe = 0; probe < probes; probe++) {
    for (let j = 0; j < dimensions; j++) place[j] = lowest[j]! + draw() * (highest[j]! - lowest[j]!)
    ofPlaces += nearest(place, 0, values, dimensions, -1) ** (varying / 2)
    const row = Math.floor(draw() * rowCount)
    ofRows += nearest(values, row * dimensions, values, dimensions, row) ** (varying / 2)
  }
  return ofPlaces + ofRows === 0 ? NaN : ofPlaces / (ofPlaces + ofRows)
}

function boxOf(values: Float64Array, dimensions: number): { lowest: Float64Array; highest: Float64Array } {
  const lowest = new Float64Array(dimensions).fill(Infinity)
  const highest = new Float64Array(dimensions).fill(-Infinity)
  for (let i = 0; i < values.length; i++) {
    const j = i % dimensions
    if (values[i]! < lowest[j]!) lowest[j] = values[i]!
    if (values[i]! > highest[j]!) highest[j] = values[i]!
  }
  return { lowest, highest }
}

/** Squared distance of a point to the nearest row other than `except`. */
function nearest(point: Float64Array, start: number, values: Float64Array, dimensions: number, except: number): number {
  let least = Infinity
  for (let row = 0, at = 0; at < values.length; row++, at += dimensions) {
    let square = 0
    for (let j = 0; j < dimensions && square < least; j++) square += (point[start + j]! - values[at + j]!) ** 2
    if (square < least && row !== except) least = square
  }
  return least
}
