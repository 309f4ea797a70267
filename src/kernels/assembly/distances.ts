/** Squared distances of the four rows of a block to a point (every value four times), as differences: no digits cancel, and equals give 0. */
function squaredDistances(block: usize, point: usize, blockBytes: usize): v128 {
  let sum = f32x4.splat(0)
  for (let j: usize = 0; j < blockBytes; j += 16) {
    const difference = f32x4.sub(v128.load(block + j), v128.load(point + j))
    sum = f32x4.add(sum, f32x4.mul(difference, difference))
  }
  return sum
}

/** Adds four values, each times its row's weight, to two running sums. */
function addWeighted(sum: v128, values: v128, row: i32, weights: usize): v128 {
  let low = f64x2.promote_low_f32x4(values)
  let high = f64x2.promote_low_f32x4(
    i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  )
  if (weights != 0) {
    const weight = weights + ((<usize>row) << 3)
    low = f64x2.mul(low, v128.load(weight))
    high = f64x2.mul(high, v128.load(weight, 16))
  }
  return f64x2.add(sum, f64x2.add(low, high))
}

/**
 * What would be left of the summed squared distances to the nearest centre if each of some points became one.
 *
 * @param points of 16·dimensions bytes each, every value four times
 * @param nearest shape (rowCount), f32: squared distance to the nearest centre so far, 0 for padding
 * @param totals shape (pointCount), f64, written
 */
export function weighPoints(
  rows: usize,
  from: i32,
  to: i32,
  dimensions: i32,
  points: usize,
  pointCount: i32,
  nearest: usize,
  weights: usize,
  totals: usize,
): void {
  const blockBytes = (<usize>dimensions) << 4
  for (let number = 0; number < pointCount; number++) {
    const point = points + <usize>number * blockBytes
    let block = rows + <usize>(from >> 2) * blockBytes
    let sum = f64x2.splat(0)
    for (let row = from; row < to; row += 4) {
      const distances = f32x4.pmin(v128.load(nearest + ((<usize>row) << 2)), squaredDistances(block, point, blockBytes))
      sum = addWeighted(sum, distances, row, weights)
      block += blockBytes
    }
    store<f64>(totals + ((<usize>number) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  }
}

/** Makes a point a centre: lowers `nearest` to the distance to it where that is less, and returns the sum of what is left. */
export function takePoint(
  rows: usize,
  from: i32,
  to: i32,
  dimensions: i32,
  point: usize,
  nearest: usize,
  weights: usize,
): f64 {
  const blockBytes = (<usize>dimensions) << 4
  let block = rows + <usize>(from >> 2) * blockBytes
  let sum = f64x2.splat(0)
  for (let row = from; row < to; row += 4) {
    const address = nearest + ((<usize>row) << 2)
    const distances = f32x4.pmin(v128.load(address), squaredDistances(block, point, blockBytes))
    v128.store(address, distances)
    sum = addWeighted(sum, distances, row, weights)
    block += blockBytes
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** The next value of two centres, side by side. */
function pairOf(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1)
}

/** Stores the squared distance of a row and adds it, times the row's weight, to a sum. */
function keepDistance(total: f64, distance: f64, row: i32, weights: usize, distances: usize): f64 {
  store<f32>(distances + ((<usize>row) << 2), <f32>distance)
  return total + (weights == 0 ? distance : distance * load<f64>(weights + ((<usize>row) << 3)))
}

/**
 * Squared distances of rows to the centres that their labels name, in double precision: four rows at a time, each added up in column order.
 *
 * @param to at most the number of rows
 * @param centres shape (clusters, dimensions), f64
 * @param distances f32 a row, written
 * @returns their sum, each times its row's weight, in row order
 */
export function measureRows(
  rows: usize,
  from: i32,
  to: i32,
  dimensions: i32,
  centres: usize,
  labels: usize,
  weights: usize,
  distances: usize,
): f64 {
  const centreBytes = (<usize>dimensions) << 3
  let total = 0.0
  let value = rows + ((<usize>(from >> 2) * <usize>dimensions) << 4)
  for (let row = from; row < to; row += 4) {
    const label = labels + ((<usize>row) << 2)
    // Labels of padding name a cluster too.
    const centre0 = centres + <usize>load<i32>(label) * centreBytes
    const centre1 = centres + <usize>load<i32>(label, 4) * centreBytes
    const centre2 = centres + <usize>load<i32>(label, 8) * centreBytes
    const centre3 = centres + <usize>load<i32>(label, 12) * centreBytes
    let low = f64x2.splat(0)
    let high = low
    for (let j: usize = 0; j < centreBytes; j += 8) {
      let difference = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(value)), pairOf(centre0 + j, centre1 + j))
      low = f64x2.add(low, f64x2.mul(difference, difference))
      difference = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(value, 8)), pairOf(centre2 + j, centre3 + j))
      high = f64x2.add(high, f64x2.mul(difference, difference))
      value += 16
    }
    total = keepDistance(total, f64x2.extract_lane(low, 0), row, weights, distances)
    if (row + 1 < to) total = keepDistance(total, f64x2.extract_lane(low, 1), row + 1, weights, distances)
    if (row + 2 < to) total = keepDistance(total, f64x2.extract_lane(high, 0), row + 2, weights, distances)
    if (row + 3 < to) total = keepDistance(total, f64x2.extract_lane(high, 1), row + 3, weights, distances)
  }
  return total
}
