/** Two eigenvalues one billionth apart are told apart well. */
const SQUARINGS = 40

/**
 * First principal component (Pearson 1901), by power iteration on the covariance.
 *
 * @param values shape (rows, dimensions), row-major, finite
 * @returns the place of each row along it, shape (rows), around 0; the sign is such that the largest part of the direction is positive
 */
export function principalComponent(values: Float64Array, dimensions: number): Float64Array {
  const rowCount = dimensions === 0 ? 0 : values.length / dimensions
  const means = new Float64Array(dimensions)
  for (let i = 0; i < values.length; i++) means[i % dimensions]! += values[i]! / rowCount
  const direction = mainDirection(covariance(values, means), dimensions)
  const places = new Float64Array(rowCount)
  for (let i = 0, at = 0; i < rowCount; i++)
    for (let j = 0; j < dimensions; j++, at++) places[i]! += (values[at]! - means[j]!) * direction[j]!
  return places
}

/** Sums of products of the deviations, shape (dimensions, dimensions). */
export function covariance(values: Float64Array, means: Float64Array): Float64Array {
  const dimensions = means.length
  const sums = new Float64Array(dimensions * dimensions)
  const row = new Float64Array(dimensions)
  for (let start = 0; start < values.length; start += dimensions) {
    for (let j = 0; j < dimensions; j++) row[j] = values[start + j]! - means[j]!
    for (let j = 0; j < dimensions; j++) for (let l = 0; l <= j; l++) sums[j * dimensions + l]! += row[j]! * row[l]!
  }
  for (let j = 0; j < dimensions; j++) for (let l = 0; l < j; l++) sums[l * dimensions + j] = sums[j * dimensions + l]!
  return sums
}

/**
 * Unit vector; all 0 when nothing varies. Squaring a matrix squares its eigenvalues: after 40 times the largest is alone, and every column
 * is a multiple of its vector. No start can be at right angles to that, as one vector could.
 */
export function mainDirection(sums: Float64Array, dimensions: number): Float64Array {
  let matrix = sums
  for (let step = 0; step < SQUARINGS; step++) {
    const scale = Math.max(...matrix.map(Math.abs))
    if (scale === 0) return new Float64Array(dimensions)
    matrix = squared(
      matrix.map((value) => value / scale),
      dimensions,
    )
  }
  let largest = 0
  for (let j = 1; j < dimensions; j++)
    if (matrix[j * dimensions + j]! > matrix[largest * dimensions + largest]!) largest = j
  const column = matrix.slice(largest * dimensions, (largest + 1) * dimensions)
  const length = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0))
  const greatest = column.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return column.map((value) => value / (Math.sign(greatest) * length))
}

/** @param matrix symmetric */
function squared(matrix: Float64Array, dimensions: number): Float64Array {
  const product = new Float64Array(matrix.length)
  for (let j = 0; j < dimensions; j++) {
    for (let l = 0; l <= j; l++) {
      let sum = 0
      for (let i = 0; i < dimensions; i++) sum += matrix[j * dimensions + i]! * matrix[l * dimensions + i]!
      product[j * dimensions + l] = sum
      product[l * dimensions + j] = sum
    }
  }
  return product
}
