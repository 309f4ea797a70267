/** Puts four rows (f64, row-major) column by column: 32 bytes a column, rows in order. */
function transposeRows(row: usize, dimensions: i32, columns: usize): void {
  const rowBytes = (<usize>dimensions) << 3
  const row1 = row + rowBytes
  const row2 = row1 + rowBytes
  const row3 = row2 + rowBytes
  let column = columns
  for (let j: usize = 0; j < rowBytes; j += 8) {
    v128.store(column, v128.load64_lane(row1 + j, v128.load64_zero(row + j), 1))
    v128.store(column, v128.load64_lane(row3 + j, v128.load64_zero(row2 + j), 1), 16)
    column += 32
  }
}

/** Adds the square of the difference to each of two sums. */
function addSquare(sum: v128, values: v128, centre: v128): v128 {
  const difference = f64x2.sub(values, centre)
  return f64x2.add(sum, f64x2.mul(difference, difference))
}

/**
 * Finds the nearest centres of rows in double precision; of equals the lower number. Four rows are held against four centres at a time, and
 * each squared distance is added up in column order: the same bits as one after the other.
 *
 * @param rows shape (blockCount · 4, dimensions), f64, row-major
 * @param groups centres in groups of four: dimension by dimension the four values, f64; Infinity where there is no centre
 * @param columns room for 32 · dimensions bytes
 * @param labels i32 a row, written
 * @param squares f64 a row, written: squared distances
 * @param nextLabels the same of the next nearest centres: −1 and Infinity without one; 0 when not wanted
 */
export function findNearest(
  rows: usize,
  blockCount: i32,
  dimensions: i32,
  groups: usize,
  groupCount: i32,
  columns: usize,
  labels: usize,
  squares: usize,
  nextLabels: usize,
  nextSquares: usize,
): void {
  const blockBytes = (<usize>dimensions) << 5
  const none = i64x2.splat(-1)
  const infinite = f64x2.splat(Infinity)
  let row = rows
  for (let block: usize = 0; block < <usize>blockCount; block++) {
    transposeRows(row, dimensions, columns)
    row += blockBytes
    let label0 = none
    let label1 = none
    let nextLabel0 = none
    let nextLabel1 = none
    let best0 = infinite
    let best1 = infinite
    let next0 = infinite
    let next1 = infinite
    let centre = groups
    for (let group = 0; group < groupCount; group++) {
      let a0 = f64x2.splat(0)
      let a1 = a0
      let a2 = a0
      let a3 = a0
      let b0 = a0
      let b1 = a0
      let b2 = a0
      let b3 = a0
      for (let j: usize = 0; j < blockBytes; j += 32) {
        const x = v128.load(columns + j)
        const y = v128.load(columns + j, 16)
        let value = v128.load64_splat(centre)
        a0 = addSquare(a0, x, value)
        b0 = addSquare(b0, y, value)
        value = v128.load64_splat(centre, 8)
        a1 = addSquare(a1, x, value)
        b1 = addSquare(b1, y, value)
        value = v128.load64_splat(centre, 16)
        a2 = addSquare(a2, x, value)
        b2 = addSquare(b2, y, value)
        value = v128.load64_splat(centre, 24)
        a3 = addSquare(a3, x, value)
        b3 = addSquare(b3, y, value)
        centre += 32
      }
      for (let i = 0; i < 4; i++) {
        const number = i64x2.splat(<i64>((group << 2) + i))
        let better = f64x2.lt(a0, best0)
        if (nextLabels != 0) {
          nextLabel0 = v128.bitselect(number, nextLabel0, f64x2.lt(a0, next0))
          nextLabel0 = v128.bitselect(label0, nextLabel0, better)
          next0 = f64x2.pmin(next0, f64x2.pmax(best0, a0))
        }
        label0 = v128.bitselect(number, label0, better)
        best0 = f64x2.pmin(best0, a0)
        better = f64x2.lt(b0, best1)
        if (nextLabels != 0) {
          nextLabel1 = v128.bitselect(number, nextLabel1, f64x2.lt(b0, next1))
          nextLabel1 = v128.bitselect(label1, nextLabel1, better)
          next1 = f64x2.pmin(next1, f64x2.pmax(best1, b0))
        }
        label1 = v128.bitselect(number, label1, better)
        best1 = f64x2.pmin(best1, b0)
        a0 = a1
        a1 = a2
        a2 = a3
        b0 = b1
        b1 = b2
        b2 = b3
      }
    }
    v128.store(labels + (block << 4), v128.shuffle<i32>(label0, label1, 0, 2, 4, 6))
    v128.store(squares + (block << 5), best0)
    v128.store(squares + (block << 5), best1, 16)
    if (nextLabels == 0) continue
    v128.store(nextLabels + (block << 4), v128.shuffle<i32>(nextLabel0, nextLabel1, 0, 2, 4, 6))
    v128.store(nextSquares + (block << 5), next0)
    v128.store(nextSquares + (block << 5), next1, 16)
  }
}

/** Adds rows, each times its weight, to the sums and sizes of the clusters that their labels name, in row order. All in double precision. */
export function sumByLabel(
  rows: usize,
  rowCount: i32,
  dimensions: i32,
  labels: usize,
  weights: usize,
  sums: usize,
  sizes: usize,
): void {
  const rowBytes = (<usize>dimensions) << 3
  const pairBytes = (<usize>(dimensions >> 1)) << 4
  let row = rows
  for (let i: usize = 0; i < <usize>rowCount; i++) {
    const label = <usize>load<i32>(labels + (i << 2))
    const weight = weights == 0 ? 1.0 : load<f64>(weights + (i << 3))
    const size = sizes + (label << 3)
    store<f64>(size, load<f64>(size) + weight)
    const pairWeight = f64x2.splat(weight)
    const sum = sums + label * rowBytes
    let j: usize = 0
    for (; j < pairBytes; j += 16)
      v128.store(sum + j, f64x2.add(v128.load(sum + j), f64x2.mul(pairWeight, v128.load(row + j))))
    if (j < rowBytes) store<f64>(sum + j, load<f64>(sum + j) + weight * load<f64>(row + j))
    row += rowBytes
  }
}
