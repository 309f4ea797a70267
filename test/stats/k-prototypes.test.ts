import { describe, expect, it } from 'vitest'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { fitKPrototypes, nearestPrototypes } from '../../src/stats/k-prototypes.ts'
import type { KPrototypesFit, MixedRows } from '../../src/stats/k-prototypes.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

/** Rows of one or more numbers, then texts. */
function mixedRows(rows: readonly (readonly (number | string)[])[], penalty: number): MixedRows {
  const numberCount = rows[0]!.filter((value) => typeof value === 'number').length
  const categories = rows[0]!.slice(numberCount).map((_, j) => [...new Set(rows.map((row) => row[numberCount + j]))])
  return {
    rowCount: rows.length,
    numbers: Float64Array.from(rows.flatMap((row) => row.slice(0, numberCount) as number[])),
    numberCount,
    codes: Int32Array.from(
      rows.flatMap((row) => row.slice(numberCount).map((value, j) => categories[j]!.indexOf(value))),
    ),
    levelCounts: categories.map(({ length }) => length),
    penalties: new Float64Array(categories.length).fill(penalty),
  }
}

function bestOf(starts: number, rows: MixedRows, clusterCount: number): KPrototypesFit {
  const fits = Array.from({ length: starts }, (_, seed) =>
    fitKPrototypes({ rows, clusterCount, seed, maxIterations: 300 }),
  )
  return fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best))
}

// The example of the Python package kmodes: prices, sectors and countries of twelve shares.
const shares: readonly (readonly [number, string, string])[] = [
  [738.5, 'tech', 'USA'],
  [369.5, 'nrg', 'USA'],
  [368.2, 'tech', 'USA'],
  [346.7, 'tech', 'USA'],
  [343.5, 'fin', 'USA'],
  [282.4, 'fin', 'USA'],
  [282.1, 'tel', 'CN'],
  [279.7, 'cons', 'USA'],
  [257.2, 'cons', 'USA'],
  [205.2, 'tel', 'USA'],
  [192.1, 'tech', 'USA'],
  [195.7, 'fin', 'NL'],
]
// Half of the deviation of the prices, as Huang chooses it.
const GAMMA = 69.90333603547751

describe('k-prototypes', () => {
  // kmodes 0.12.2, best of 200 starts; the partition into four is the one its own tests expect.
  it.each([
    [2, 45765.04063308205, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    [3, 12079.574667176443, [0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]],
    [4, 1664.470854950487, [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3]],
  ] as const)('splits the published example in %i as the package kmodes does', (k, cost, labels) => {
    const fit = bestOf(20, mixedRows(shares, GAMMA), k)
    expect(fit.cost).toBeCloseTo(cost, 8)
    expect(fit.converged).toBe(true)
    expect(adjustedRand(fit.labels, Int32Array.from(labels))).toBe(1)
  })

  it('has means of the numbers and the most frequent levels, the lowest of equals', () => {
    const rows = mixedRows(
      [
        [1, 'a', 'x'],
        [2, 'b', 'y'],
        [3, 'b', 'x'],
        [90, 'c', 'y'],
        [92, 'd', 'y'],
        [94, 'd', 'z'],
      ],
      1,
    )
    const { prototypes, labels } = bestOf(5, rows, 2)
    const [low, high] = [labels[0]!, labels[5]!]
    expect([prototypes.means[low], prototypes.means[high]]).toEqual([2, 92])
    // Levels in the order of their first rows: a b c d and x y z.
    expect([...prototypes.modes.slice(low * 2, low * 2 + 2)]).toEqual([1, 0])
    expect([...prototypes.modes.slice(high * 2, high * 2 + 2)]).toEqual([3, 1])
    const tied = mixedRows(
      [
        [0, 'b'],
        [0, 'a'],
        [50, 'c'],
        [50, 'b'],
      ],
      1,
    )
    const two = bestOf(5, tied, 2)
    expect(two.prototypes.modes[two.labels[0]!]).toBe(0)
  })

  it('counts a penalty for every category that differs, and squares of numbers', () => {
    const rows = mixedRows(
      [
        [1, 'a', 'x'],
        [4, 'b', 'x'],
      ],
      0.25,
    )
    const distances = new Float64Array(2)
    // By hand, to (3, a, y): 4 + 0 + ¼ and 1 + ¼ + ¼.
    nearestPrototypes(rows, { means: Float64Array.of(3), modes: Int32Array.of(0, 1) }, distances)
    expect([...distances]).toEqual([4.25, 1.5])
  })

  it('finds groups that only categories tell apart, without any number', () => {
    const draw = uniformDraws(3)
    const truth = Int32Array.from({ length: 300 }, (_, i) => i % 3)
    const rows = [...truth].map((group) =>
      ['p', 'q', 'r', 's'].map((name) => (draw() < 0.85 ? `${name}${group}` : `${name}${Math.floor(draw() * 3)}`)),
    )
    const fit = bestOf(10, mixedRows(rows, 1), 3)
    expect(adjustedRand(fit.labels, truth)).toBeGreaterThan(0.85)
  })

  it('fits numbers alone as k-means does', () => {
    const fit = bestOf(10, mixedRows([[1], [2], [3], [10], [11], [30]], 1), 3)
    // By hand: {1, 2, 3}, {10, 11}, {30}: 2 + ½ + 0.
    expect(fit.cost).toBeCloseTo(2.5, 12)
  })

  it('labels rows with their nearest prototypes and never ends above the cost of fewer steps', () => {
    const draw = uniformDraws(8)
    const rows = mixedRows(
      Array.from({ length: 200 }, () => [draw(), draw(), `l${Math.floor(draw() * 4)}`]),
      0.1,
    )
    const costs = [1, 2, 4, 8, 300].map((maxIterations) => {
      const fit = fitKPrototypes({ rows, clusterCount: 5, seed: 4, maxIterations })
      expect([...nearestPrototypes(rows, fit.prototypes, new Float64Array(200))]).toEqual([...fit.labels])
      return fit.cost
    })
    expect(costs).toEqual(costs.toSorted((a, b) => b - a))
  })

  it('leaves clusters empty where there are fewer distinct rows, and copes with one row', () => {
    const few = bestOf(
      3,
      mixedRows(
        [
          [0, 'a'],
          [0, 'a'],
          [5, 'b'],
          [5, 'b'],
        ],
        1,
      ),
      3,
    )
    expect(few.cost).toBe(0)
    expect(new Set(few.labels).size).toBe(2)
    expect(bestOf(1, mixedRows([[7, 'a']], 1), 1).cost).toBe(0)
  })

  it('gives the same fit for the same seed', () => {
    const rows = mixedRows(shares, GAMMA)
    const request = { rows, clusterCount: 3, seed: 12, maxIterations: 300 }
    expect(fitKPrototypes(request)).toEqual(fitKPrototypes(request))
  })
})
