/** The next two values of a row of a block, in double precision. */
function pairOf(value: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load32_lane(value, v128.load32_zero(value), 1, 16))
}

/** Adds a weight to the size of a cluster. */
function resize(cluster: i32, weight: f64, sizes: usize): void {
  const size = sizes + ((<usize>cluster) << 3)
  store<f64>(size, load<f64>(size) + weight)
}

/** Moves the row `row` from its old cluster (−1: none yet) to its new one; padding and rows that stay are left alone. Returns 1 if it moved. */
function moveRow(
  row: i32,
  rowCount: i32,
  block: usize,
  lane: i32,
  before: i32,
  after: i32,
  sums: usize,
  sizes: usize,
  dimensions: i32,
): i32 {
  if (before == after || row >= rowCount) return 0
  if (sums == 0) return 1
  const pairBytes = (<usize>(dimensions >> 1)) << 4
  const sumBytes = (<usize>dimensions) << 3
  const taker = sums + <usize>after * sumBytes
  let value = block + ((<usize>lane) << 2)
  let j: usize = 0
  resize(after, 1, sizes)
  if (before < 0) {
    for (; j < pairBytes; j += 16) {
      v128.store(taker + j, f64x2.add(v128.load(taker + j), pairOf(value)))
      value += 32
    }
    if (j < sumBytes) store<f64>(taker + j, load<f64>(taker + j) + <f64>load<f32>(value))
    return 1
  }
  const giver = sums + <usize>before * sumBytes
  resize(before, -1, sizes)
  for (; j < pairBytes; j += 16) {
    const pair = pairOf(value)
    v128.store(taker + j, f64x2.add(v128.load(taker + j), pair))
    v128.store(giver + j, f64x2.sub(v128.load(giver + j), pair))
    value += 32
  }
  if (j < sumBytes) {
    store<f64>(taker + j, load<f64>(taker + j) + <f64>load<f32>(value))
    store<f64>(giver + j, load<f64>(giver + j) - <f64>load<f32>(value))
  }
  return 1
}

/** Stores the labels of the four rows of a block when one of them is new, and returns how many are. */
function relabelBlock(
  row: i32,
  rowCount: i32,
  block: usize,
  after: v128,
  labels: usize,
  sums: usize,
  sizes: usize,
  dimensions: i32,
): i32 {
  const address = labels + ((<usize>row) << 2)
  const before = v128.load(address)
  if (!v128.any_true(v128.xor(before, after))) return 0
  v128.store(address, after)
  const b0 = i32x4.extract_lane(before, 0)
  const b1 = i32x4.extract_lane(before, 1)
  const b2 = i32x4.extract_lane(before, 2)
  const b3 = i32x4.extract_lane(before, 3)
  const a0 = i32x4.extract_lane(after, 0)
  const a1 = i32x4.extract_lane(after, 1)
  const a2 = i32x4.extract_lane(after, 2)
  const a3 = i32x4.extract_lane(after, 3)
  return (
    moveRow(row, rowCount, block, 0, b0, a0, sums, sizes, dimensions) +
    moveRow(row + 1, rowCount, block, 1, b1, a1, sums, sizes, dimensions) +
    moveRow(row + 2, rowCount, block, 2, b2, a2, sums, sizes, dimensions) +
    moveRow(row + 3, rowCount, block, 3, b3, a3, sums, sizes, dimensions)
  )
}

/**
 * Labels each row with its nearest centre, the lowest number of equals, and keeps sums and sizes of the clusters true to the labels.
 * The nearest centre c is the one with the largest score x·c − |c|²/2: |x|² is the same for all of them.
 *
 * Eight rows are held against four centres at a time: eight sums in registers, two loads of rows and four of centres a dimension.
 *
 * @param tiles centres in groups of four: dimension by dimension the four values, each four times (16 bytes); behind the last group
 *   −|c|²/2 of every centre, each four times. Centres that only fill up a group have −Infinity there.
 * @param labels shape (rowCount), i32, −1 before the first pass
 * @param sums shape (clusters, dimensions), f64; 0 when sums and sizes are taken otherwise
 * @param sizes shape (clusters), f64
 * @returns rows whose label changed
 */
export function assignRows(
  rows: usize,
  from: i32,
  to: i32,
  rowCount: i32,
  dimensions: i32,
  tiles: usize,
  groupCount: i32,
  labels: usize,
  sums: usize,
  sizes: usize,
): i32 {
  const blockBytes = (<usize>dimensions) << 4
  const offsets = tiles + <usize>groupCount * (blockBytes << 2)
  let moved = 0
  let block = rows + <usize>(from >> 2) * blockBytes
  for (let row = from; row < to; row += 8) {
    const other = block + blockBytes
    let best0 = f32x4.splat(-Infinity)
    let best1 = best0
    let label0 = i32x4.splat(0)
    let label1 = label0
    let tile = tiles
    let offset = offsets
    for (let group = 0; group < groupCount; group++) {
      let a0 = v128.load(offset)
      let a1 = v128.load(offset, 16)
      let a2 = v128.load(offset, 32)
      let a3 = v128.load(offset, 48)
      let b0 = a0
      let b1 = a1
      let b2 = a2
      let b3 = a3
      for (let j: usize = 0; j < blockBytes; j += 16) {
        const x = v128.load(block + j)
        const y = v128.load(other + j)
        let centre = v128.load(tile)
        a0 = f32x4.add(a0, f32x4.mul(x, centre))
        b0 = f32x4.add(b0, f32x4.mul(y, centre))
        centre = v128.load(tile, 16)
        a1 = f32x4.add(a1, f32x4.mul(x, centre))
        b1 = f32x4.add(b1, f32x4.mul(y, centre))
        centre = v128.load(tile, 32)
        a2 = f32x4.add(a2, f32x4.mul(x, centre))
        b2 = f32x4.add(b2, f32x4.mul(y, centre))
        centre = v128.load(tile, 48)
        a3 = f32x4.add(a3, f32x4.mul(x, centre))
        b3 = f32x4.add(b3, f32x4.mul(y, centre))
        tile += 64
      }
      let number = i32x4.splat(group << 2)
      const one = i32x4.splat(1)
      let better = f32x4.gt(a0, best0)
      best0 = f32x4.pmax(best0, a0)
      label0 = v128.bitselect(number, label0, better)
      better = f32x4.gt(b0, best1)
      best1 = f32x4.pmax(best1, b0)
      label1 = v128.bitselect(number, label1, better)
      number = i32x4.add(number, one)
      better = f32x4.gt(a1, best0)
      best0 = f32x4.pmax(best0, a1)
      label0 = v128.bitselect(number, label0, better)
      better = f32x4.gt(b1, best1)
      best1 = f32x4.pmax(best1, b1)
      label1 = v128.bitselect(number, label1, better)
      number = i32x4.add(number, one)
      better = f32x4.gt(a2, best0)
      best0 = f32x4.pmax(best0, a2)
      label0 = v128.bitselect(number, label0, better)
      better = f32x4.gt(b2, best1)
      best1 = f32x4.pmax(best1, b2)
      label1 = v128.bitselect(number, label1, better)
      number = i32x4.add(number, one)
      better = f32x4.gt(a3, best0)
      best0 = f32x4.pmax(best0, a3)
      label0 = v128.bitselect(number, label0, better)
      better = f32x4.gt(b3, best1)
      best1 = f32x4.pmax(best1, b3)
      label1 = v128.bitselect(number, label1, better)
      offset += 64
    }
    moved += relabelBlock(row, rowCount, block, label0, labels, sums, sizes, dimensions)
    moved += relabelBlock(row + 4, rowCount, other, label1, labels, sums, sizes, dimensions)
    block = other + blockBytes
  }
  return moved
}

/** Adds rows, each times its weight, to the sums and sizes of the clusters that their labels name. `to` is at most the number of rows. */
export function sumRows(
  rows: usize,
  from: i32,
  to: i32,
  dimensions: i32,
  labels: usize,
  weights: usize,
  sums: usize,
  sizes: usize,
): void {
  for (let row = from; row < to; row++) {
    const cluster = load<i32>(labels + ((<usize>row) << 2))
    const weight = load<f64>(weights + ((<usize>row) << 3))
    resize(cluster, weight, sizes)
    let value = rows + ((<usize>(row >> 2) * <usize>dimensions) << 4) + ((<usize>(row & 3)) << 2)
    let sum = sums + ((<usize>cluster * <usize>dimensions) << 3)
    const end = sum + ((<usize>dimensions) << 3)
    while (sum < end) {
      store<f64>(sum, load<f64>(sum) + weight * <f64>load<f32>(value))
      sum += 8
      value += 16
    }
  }
}
