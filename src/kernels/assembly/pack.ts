/**
 * Adds rows to the sums of their columns, in row order, and widens the bounds of the columns.
 *
 * @param rows shape (rowCount, dimensions), f64, row-major
 * @param sums shape (dimensions), f64, as are `lowest` and `highest`
 */
export function surveyRows(
  rows: usize,
  rowCount: i32,
  dimensions: i32,
  sums: usize,
  lowest: usize,
  highest: usize,
): void {
  const rowBytes = (<usize>dimensions) << 3
  const pairBytes = (<usize>(dimensions >> 1)) << 4
  const end = rows + <usize>rowCount * rowBytes
  for (let row = rows; row < end; row += rowBytes) {
    let j: usize = 0
    for (; j < pairBytes; j += 16) {
      const pair = v128.load(row + j)
      v128.store(sums + j, f64x2.add(v128.load(sums + j), pair))
      v128.store(lowest + j, f64x2.pmin(v128.load(lowest + j), pair))
      v128.store(highest + j, f64x2.pmax(v128.load(highest + j), pair))
    }
    if (j == rowBytes) continue
    const value = load<f64>(row + j)
    store<f64>(sums + j, load<f64>(sums + j) + value)
    if (value < load<f64>(lowest + j)) store<f64>(lowest + j, value)
    if (value > load<f64>(highest + j)) store<f64>(highest + j, value)
  }
}

/** Two values in the packed space, not yet in single precision. Next to `rounder` neighbours are a quantum apart. */
function round(values: v128, origin: v128, scale: v128, rounder: v128): v128 {
  return f64x2.sub(f64x2.add(f64x2.mul(f64x2.sub(values, origin), scale), rounder), rounder)
}

/** Of two rows: [a0, b0, a1, b1] in single precision. */
function interleave(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 4, 1, 5)
}

/**
 * Packs rows in blocks of four.
 *
 * @param rows shape (blockCount · 4, dimensions), f64, row-major
 * @param origin shape (dimensions), f64
 * @returns the sum of the squared packed values, before they are rounded to single precision
 */
export function packRows(
  rows: usize,
  blockCount: i32,
  dimensions: i32,
  origin: usize,
  scale: f64,
  rounder: f64,
  packed: usize,
): f64 {
  const rowBytes = (<usize>dimensions) << 3
  const pairBytes = (<usize>(dimensions >> 1)) << 4
  const scales = f64x2.splat(scale)
  const rounders = f64x2.splat(rounder)
  let squares = f64x2.splat(0)
  let row = rows
  let target = packed
  for (let block = 0; block < blockCount; block++) {
    const row1 = row + rowBytes
    const row2 = row1 + rowBytes
    const row3 = row2 + rowBytes
    let j: usize = 0
    for (; j < pairBytes; j += 16) {
      const origins = v128.load(origin + j)
      const a = round(v128.load(row + j), origins, scales, rounders)
      const b = round(v128.load(row1 + j), origins, scales, rounders)
      const c = round(v128.load(row2 + j), origins, scales, rounders)
      const d = round(v128.load(row3 + j), origins, scales, rounders)
      const ab = interleave(a, b)
      const cd = interleave(c, d)
      v128.store(target, v128.shuffle<f64>(ab, cd, 0, 2))
      v128.store(target, v128.shuffle<f64>(ab, cd, 1, 3), 16)
      target += 32
      squares = f64x2.add(
        squares,
        f64x2.add(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)), f64x2.add(f64x2.mul(c, c), f64x2.mul(d, d))),
      )
    }
    if (j < rowBytes) {
      const origins = v128.load64_splat(origin + j)
      const ab = round(v128.load64_lane(row1 + j, v128.load64_zero(row + j), 1), origins, scales, rounders)
      const cd = round(v128.load64_lane(row3 + j, v128.load64_zero(row2 + j), 1), origins, scales, rounders)
      const low = f32x4.demote_f64x2_zero(ab)
      v128.store(target, v128.shuffle<f64>(low, f32x4.demote_f64x2_zero(cd), 0, 2))
      target += 16
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(ab, ab), f64x2.mul(cd, cd)))
    }
    row = row3 + rowBytes
  }
  return f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)
}
