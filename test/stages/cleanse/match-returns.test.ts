import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchReturns } from '../../../src/stages/cleanse/match-returns.ts'

interface Line {
  readonly key: number
  readonly isReturn: boolean
  readonly quantity: number
  readonly amount: number
}

function match(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const { returns, purchases } = matchReturns({
    key: Int32Array.from(lines, ({ key }) => key),
    isReturn: Int32Array.from(lines, ({ isReturn }) => Number(isReturn)),
    quantity: Float64Array.from(lines, ({ quantity }) => quantity),
    amount: Float64Array.from(lines, ({ amount }) => amount),
  })
  return Array.from(returns, (line, index) => [line, purchases[index]!] as const)
}

/** The rule as it is written, line by line. */
function matchSlowly(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const left = lines.map(({ quantity, amount }) => ({ quantity, amount }))
  return lines.flatMap(({ key, isReturn, quantity, amount }, line) => {
    if (!isReturn) return []
    for (let purchase = line - 1; purchase >= 0; purchase--) {
      const there = left[purchase]!
      if (lines[purchase]!.isReturn || lines[purchase]!.key !== key) continue
      if (there.quantity < quantity || there.amount < amount) continue
      there.quantity -= quantity
      there.amount -= amount
      return [[line, purchase] as const]
    }
    return []
  })
}

const bought = (key: number, quantity: number, amount: number): Line => ({ key, isReturn: false, quantity, amount })
const returned = (key: number, quantity: number, amount: number): Line => ({ key, isReturn: true, quantity, amount })

describe('matching returns with purchases', () => {
  it('takes a return from the most recent purchase of its key before it', () => {
    expect(match([bought(1, 2, 20), bought(1, 2, 20), returned(1, 1, 10), bought(1, 2, 20)])).toEqual([[2, 1]])
  })

  it('goes further back when the most recent purchase has not enough quantity or amount left', () => {
    const lines = [bought(1, 5, 50), bought(1, 2, 20), returned(1, 2, 20), returned(1, 1, 10), returned(1, 5, 50)]
    expect(match(lines)).toEqual([
      [2, 1],
      [3, 0],
    ])
  })

  it('never reaches into another key, nor past it', () => {
    expect(match([bought(1, 1, 10), returned(2, 1, 10), bought(3, 1, 10), returned(3, 1, 10)])).toEqual([[3, 2]])
    expect(match([])).toEqual([])
  })

  it('does what the rule says line by line, for any lines', () => {
    const line = fc.record({
      key: fc.nat({ max: 2 }),
      isReturn: fc.boolean(),
      quantity: fc.nat({ max: 4 }),
      amount: fc.nat({ max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const sorted = lines.toSorted((a, b) => a.key - b.key)
        expect(match(sorted)).toEqual(matchSlowly(sorted))
      }),
      { numRuns: 300, seed: 5 },
    )
  })
})
