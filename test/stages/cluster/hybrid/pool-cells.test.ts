import { describe, expect, it } from 'vitest'
import { cellOf, poolCells, straysOf } from '../../../../src/stages/cluster/hybrid/pool-cells.ts'

/** Expected values by hand: combinations of layers a (2 clusters) and b (3), `a0b0 a0b1 a0b2 a1b0 a1b1 a1b2`. */
describe('poolCells', () => {
  it('keeps every combination that is large enough, in the order of the layers', () => {
    expect(poolCells([10, 20, 30, 40, 50, 60], [2, 3], 10, false)).toEqual({
      paths: [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      cells: [0, 1, 2, 3, 4, 5],
      pooledCustomers: 0,
    })
  })

  it('puts a small one into the largest with the same cluster of the first layer, also one that nobody is in yet', () => {
    expect(poolCells([10, 20, 3, 40, 0, 60], [2, 3], 10, false)).toEqual({
      paths: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 2],
      ],
      cells: [0, 1, 1, 2, 3, 3],
      pooledCustomers: 3,
    })
  })

  it('prefers agreement from the first layer on to size', () => {
    // Layers a, b, c of 1, 2, 2: a0b0c0 is small; a0b0c1 agrees in b too, a0b1c0 only in c.
    expect(poolCells([1, 10, 99, 50], [1, 2, 2], 10, false)!.cells).toEqual([0, 0, 1, 2])
  })

  it('makes one cluster of a first layer’s cluster none of whose combinations is large enough', () => {
    expect(poolCells([4, 4, 4, 40, 50, 60], [2, 3], 10, false)).toEqual({
      paths: [[0], [1, 0], [1, 1], [1, 2]],
      cells: [0, 0, 0, 1, 2, 3],
      pooledCustomers: 12,
    })
  })

  it('puts what is too small altogether where most layers agree', () => {
    const pooled = poolCells([2, 1, 1, 40, 50, 60], [2, 3], 10, false)!
    expect(pooled).toEqual({
      paths: [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      cells: [0, 1, 2, 0, 1, 2],
      pooledCustomers: 4,
    })
    expect([...straysOf(pooled, [2, 1, 0, 40, 50, 60], [2, 3])]).toEqual([0, 1])
  })

  it('makes one segment of all small ones when asked to', () => {
    expect(poolCells([10, 2, 3, 40, 0, 60], [2, 3], 10, true)).toEqual({
      paths: [[0, 0], [1, 0], [1, 2], null],
      cells: [0, 3, 3, 1, 3, 2],
      pooledCustomers: 5,
    })
  })

  it('finds no cluster where all together are too few', () => {
    expect(poolCells([1, 2, 3, 1], [2, 2], 10, false)).toBeNull()
  })

  it('counts combinations like digits', () => {
    expect([cellOf([0, 0], [2, 3]), cellOf([0, 2], [2, 3]), cellOf([1, 1], [2, 3])]).toEqual([0, 2, 4])
  })
})
