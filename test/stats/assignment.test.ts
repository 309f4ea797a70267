import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignOptimally } from '../../src/stats/assignment.ts'

describe('assignOptimally', () => {
  it('solves the example of scipy.optimize.linear_sum_assignment: columns 1, 0, 2 at cost 5', () => {
    expect([...assignOptimally(Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2), 3, 3)]).toEqual([1, 0, 2])
  })

  it('leaves rows over when there are more rows than columns (by hand)', () => {
    expect([...assignOptimally(Float64Array.of(5, 9, 1, 9, 1, 2), 3, 2)]).toEqual([-1, 0, 1])
    expect([...assignOptimally(Float64Array.of(3, 1, 2), 1, 3)]).toEqual([1])
  })

  it('has nothing to assign without rows or without columns', () => {
    expect([...assignOptimally(new Float64Array(), 0, 3)]).toEqual([])
    expect([...assignOptimally(new Float64Array(), 2, 0)]).toEqual([-1, -1])
  })

  it('is never dearer than any other assignment of up to five rows', () => {
    const square = fc
      .integer({ min: 1, max: 5 })
      .chain((n) =>
        fc.tuple(fc.constant(n), fc.array(fc.integer({ min: 0, max: 20 }), { minLength: n * n, maxLength: n * n })),
      )
    fc.assert(
      fc.property(square, ([n, costs]) => {
        const cost = (columns: readonly number[]): number =>
          columns.reduce((sum, column, row) => sum + costs[row * n + column]!, 0)
        const found = [...assignOptimally(Float64Array.from(costs), n, n)]
        const cheapest = Math.min(...permutations(n).map(cost))
        expect(cost(found)).toBe(cheapest)
      }),
    )
  })
})

function permutations(n: number): number[][] {
  if (n === 0) return [[]]
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  )
}
