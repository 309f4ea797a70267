/** A column that a tree may ask about. */
export type TreeColumn =
  /** NaN: unknown. */
  | { readonly kind: 'number'; readonly values: Float64Array }
  /** Codes 0 to levelCount − 1; −1: unknown. */
  | { readonly kind: 'category'; readonly codes: Int32Array; readonly levelCount: number }

/** A question about a row, and its answer for an unknown value. */
export type TreeSplit =
  | { readonly kind: 'atMost'; readonly column: number; readonly bound: number; readonly ofUnknown: boolean }
  | { readonly kind: 'isKnown'; readonly column: number }
  | { readonly kind: 'isLevel'; readonly column: number; readonly level: number }

export function isYes(split: TreeSplit, column: TreeColumn, row: number): boolean {
  if (column.kind === 'category') return split.kind === 'isLevel' && column.codes[row] === split.level
  const value = column.values[row]!
  if (split.kind === 'atMost') return Number.isNaN(value) ? split.ofUnknown : value <= split.bound
  return !Number.isNaN(value)
}

/**
 * The split that leaves the least Gini impurity.
 *
 * @param orders of each column the rows that are to be split, numbers by value with unknown ones last
 * @param counts rows of each label among them
 * @returns undefined when none leaves less than there is
 */
export function bestSplit(
  columns: readonly TreeColumn[],
  orders: readonly Int32Array[],
  labels: Int32Array,
  counts: Float64Array,
  leafRows: number,
): TreeSplit | undefined {
  const best: Best = { purity: purityOf(counts), split: undefined, leafRows }
  columns.forEach((column, index) => {
    const order = orders[index]!
    if (column.kind === 'number') splitNumber(column.values, order, labels, counts, index, best)
    else splitCategory(column, order, labels, counts, index, best)
  })
  return best.split
}

interface Best {
  /** Σ count² ÷ rows over both sides: Gini impurity falls as it rises. */
  purity: number
  split: TreeSplit | undefined
  readonly leafRows: number
}

function splitNumber(
  values: Float64Array,
  order: Int32Array,
  labels: Int32Array,
  counts: Float64Array,
  column: number,
  best: Best,
): void {
  let known = order.length
  while (known > 0 && Number.isNaN(values[order[known - 1]!]!)) known -= 1
  const unknownRows = order.subarray(known)
  for (const ofUnknown of known < order.length ? [false, true] : [false]) {
    const sides = new Sides(counts)
    if (ofUnknown) for (const row of unknownRows) sides.move(labels[row]!)
    for (let i = 0; i < known; i++) {
      sides.move(labels[order[i]!]!)
      const value = values[order[i]!]!
      if (i + 1 < known) {
        const next = values[order[i + 1]!]!
        if (value < next && sides.improves(best))
          best.split = { kind: 'atMost', column, bound: between(value, next), ofUnknown }
      } else if (!ofUnknown && sides.improves(best)) best.split = { kind: 'isKnown', column }
    }
  }
}

function splitCategory(
  { codes, levelCount }: { readonly codes: Int32Array; readonly levelCount: number },
  order: Int32Array,
  labels: Int32Array,
  counts: Float64Array,
  column: number,
  best: Best,
): void {
  const ofLevels = Array.from({ length: levelCount }, () => new Int32Array(counts.length))
  for (const row of order) if (codes[row]! >= 0) ofLevels[codes[row]!]![labels[row]!]! += 1
  for (const [level, ofLevel] of ofLevels.entries()) {
    const sides = new Sides(counts)
    ofLevel.forEach((count, label) => {
      for (let i = 0; i < count; i++) sides.move(label)
    })
    if (sides.improves(best)) best.split = { kind: 'isLevel', column, level }
  }
}

/** Rows on both sides of a split by label; all begin on the side of no. */
class Sides {
  private readonly yes: Float64Array
  private readonly no: Float64Array
  private yesRows = 0
  private noRows: number
  private yesSquares = 0
  private noSquares: number

  constructor(counts: Float64Array) {
    this.yes = new Float64Array(counts.length)
    this.no = counts.slice()
    this.noRows = counts.reduce((sum, count) => sum + count, 0)
    this.noSquares = counts.reduce((sum, count) => sum + count * count, 0)
  }

  /** Takes a row of a label to the side of yes. */
  move(label: number): void {
    this.yesSquares += 2 * this.yes[label]! + 1
    this.noSquares -= 2 * this.no[label]! - 1
    this.yes[label]! += 1
    this.no[label]! -= 1
    this.yesRows += 1
    this.noRows -= 1
  }

  /** Remembers the purity when it is better than the best. */
  improves(best: Best): boolean {
    if (this.yesRows < best.leafRows || this.noRows < best.leafRows) return false
    const purity = this.yesSquares / this.yesRows + this.noSquares / this.noRows
    // Not for a gain that rounding makes.
    if (purity <= best.purity * (1 + 1e-12)) return false
    best.purity = purity
    return true
  }
}

function purityOf(counts: Float64Array): number {
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count) => sum + count * count, 0) / rows
}

/** The number with the fewest digits from a, included, to b, excluded. */
function between(a: number, b: number): number {
  const middle = a / 2 + b / 2
  for (let digits = 1; digits <= 17; digits++) {
    const rounded = [middle, a].map((number) => Number(number.toPrecision(digits)))
    const fitting = rounded.find((number) => number >= a && number < b)
    if (fitting !== undefined) return fitting
  }
  return a
}
