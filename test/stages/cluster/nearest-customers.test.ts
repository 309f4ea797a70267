import { describe, expect, it } from 'vitest'
import { NearestCustomers } from '../../../src/stages/cluster/nearest-customers.ts'

// By hand: `a` has one coordinate, `b` two, `c` one; the customer stands at 0.
const names = ['a', 'b', 'b', 'c']

function nearestOf(count: number, customers: Readonly<Record<string, readonly number[]>>) {
  const nearest = new NearestCustomers(new Float64Array(4), count)
  const entries = Object.entries(customers)
  // In two pieces.
  for (const piece of [entries.slice(0, 2), entries.slice(2)])
    nearest.add(
      piece.map(([id]) => id),
      Float64Array.from(piece.flatMap(([, values]) => values)),
    )
  return nearest.found(names)
}

describe('the nearest customers', () => {
  it('come in the order of their distance, of equally near ones in that of their ids', () => {
    const found = nearestOf(3, {
      far: [9, 0, 0, 0],
      z: [1, 0, 0, 0],
      y: [0, 0, 0, 1],
      near: [0, 0.5, 0, 0],
      x: [0, 1, 0, 0],
    })
    expect(found.map(({ customerId, distance }) => [customerId, distance])).toEqual([
      ['near', 0.5],
      ['x', 1],
      ['y', 1],
    ])
  })

  it('are all there are when there are fewer than asked for', () => {
    expect(nearestOf(5, { a: [1, 0, 0, 0] })).toHaveLength(1)
    expect(nearestOf(5, {})).toEqual([])
  })

  it('say in which features they are alike and in which not, a feature of several coordinates as one', () => {
    const [one] = nearestOf(1, { one: [1, 3, 4, 2] })
    expect(one!.alike).toEqual([
      { feature: 'a', distance: 1 },
      { feature: 'c', distance: 2 },
    ])
    expect(one!.different).toEqual([{ feature: 'b', distance: 5 }])
    expect(nearestOf(1, { same: [0, 0, 0, 0] })[0]!.different).toEqual([])
  })
})
