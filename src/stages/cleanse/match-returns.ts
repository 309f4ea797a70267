/** Lines of the keys that have a return, in order of key, instant, purchases before returns. */
export interface ReturnLines {
  /** What a return and its purchase have in common, as a number. */
  readonly key: Int32Array
  /** 1 for a return. */
  readonly isReturn: Int32Array
  /** Not negative; of a return, what has to fit into a purchase. */
  readonly quantity: Float64Array
  readonly amount: Float64Array
}

export interface MatchedReturns {
  /** Positions of returns, and beside each that of its purchase. */
  readonly returns: Int32Array
  readonly purchases: Int32Array
}

/**
 * Gives each return, oldest first, the most recent purchase of its key at or before it that has enough quantity and amount left, and takes
 * both from it. A return is never split over purchases.
 *
 * The last purchase that fits is found in a tree of maxima, so that a customer with very many lines costs no more than others.
 */
export function matchReturns({ key, isReturn, quantity, amount }: ReturnLines): MatchedReturns {
  const left = new MaximaTree(
    key.length,
    (line) => (isReturn[line] === 1 ? -1 : quantity[line]!),
    (line) => (isReturn[line] === 1 ? -1 : amount[line]!),
  )
  const returns: number[] = []
  const purchases: number[] = []
  let start = 0
  for (let line = 0; line < key.length; line++) {
    if (key[line] !== key[start]) start = line
    if (isReturn[line] !== 1) continue
    const purchase = left.findLast(start, line, quantity[line]!, amount[line]!)
    if (purchase < 0) continue
    left.take(purchase, quantity[line]!, amount[line]!)
    returns.push(line)
    purchases.push(purchase)
  }
  return { returns: Int32Array.from(returns), purchases: Int32Array.from(purchases) }
}

/** Two numbers a place, with the maxima of both over halves of halves. */
class MaximaTree {
  private readonly size: number
  private readonly quantity: Float64Array
  private readonly amount: Float64Array

  constructor(length: number, quantityOf: (place: number) => number, amountOf: (place: number) => number) {
    this.size = 2 ** Math.ceil(Math.log2(Math.max(1, length)))
    this.quantity = new Float64Array(2 * this.size).fill(-1)
    this.amount = new Float64Array(2 * this.size).fill(-1)
    for (let place = 0; place < length; place++) {
      this.quantity[this.size + place] = quantityOf(place)
      this.amount[this.size + place] = amountOf(place)
    }
    for (let node = this.size - 1; node >= 1; node--) this.refresh(node)
  }

  /** @returns the last place of [from, to) with at least both; -1 when there is none */
  findLast(from: number, to: number, quantity: number, amount: number, node = 1, low = 0, high = this.size): number {
    if (high <= from || low >= to || this.quantity[node]! < quantity || this.amount[node]! < amount) return -1
    if (node >= this.size) return low
    const middle = (low + high) / 2
    const later = this.findLast(from, to, quantity, amount, 2 * node + 1, middle, high)
    return later >= 0 ? later : this.findLast(from, to, quantity, amount, 2 * node, low, middle)
  }

  take(place: number, quantity: number, amount: number): void {
    let node = this.size + place
    this.quantity[node]! -= quantity
    this.amount[node]! -= amount
    for (node = node >> 1; node >= 1; node >>= 1) this.refresh(node)
  }

  private refresh(node: number): void {
    this.quantity[node] = Math.max(this.quantity[2 * node]!, this.quantity[2 * node + 1]!)
    this.amount[node] = Math.max(this.amount[2 * node]!, this.amount[2 * node + 1]!)
  }
}
