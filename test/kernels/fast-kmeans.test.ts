import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { compileKernel } from '../../src/kernels/kernel-module.ts'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import { placeFast } from '../../src/kernels/place-fast.ts'
import { placeRows } from '../../src/kernels/place-rows.ts'
import type { KMeansRequest, Matrix, Placement } from '../../src/ports/kernel-pool.ts'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { matrixOf } from './reference-sets.ts'

const pools = [1, 2, 3].map((threads) => makeKernelPool({ threads }))
const [, pool] = pools as [unknown, ReturnType<typeof makeKernelPool>]
afterAll(() => Promise.all(pools.map((one) => one.close())))

const fit = (matrix: Matrix, clusterCount: number, options: Partial<KMeansRequest> = {}) =>
  pool.kmeans({ matrix, clusterCount, seeds: [1, 2, 3, 4, 5], maxIterations: 300, ...options })

/** Points of `groups` overlapping groups around the corners of a simplex, the same ones each time. */
function groupsOf(rowCount: number, dimensions: number, groups: number): Matrix {
  const values = new Float64Array(rowCount * dimensions)
  let state = 1
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let i = 0; i < rowCount; i++)
    for (let j = 0; j < dimensions; j++)
      values[i * dimensions + j] = (i % groups === j % groups ? 4 : 0) + next() + next() + next() + next()
  return { rowCount, dimensions, values }
}

function emptyPlacement(rowCount: number): Placement {
  return {
    labels: new Int32Array(rowCount),
    nextLabels: new Int32Array(rowCount),
    distances: new Float64Array(rowCount),
    nextDistances: new Float64Array(rowCount),
  }
}

function takeColumns({ rowCount, dimensions, values }: Matrix, order: readonly number[]): Matrix {
  const taken = Float64Array.from({ length: values.length }, (_, at) => {
    const row = Math.floor(at / dimensions)
    return values[row * dimensions + order[at % dimensions]!]!
  })
  return { rowCount, dimensions, values: taken }
}

describe('the fast kernel', { timeout: 120_000 }, () => {
  it('gives the same bits with 1, 2 and 3 threads, where each has fits of its own and where they share one', async () => {
    for (const rowCount of [5_003, 150_001]) {
      const matrix = groupsOf(rowCount, 5, 4)
      const request = { matrix, clusterCount: 6, seeds: [7, 8], maxIterations: 12 }
      const [first, ...others] = await Promise.all(pools.map((one) => one.kmeans(request)))
      for (const other of others) expect(other).toEqual(first)
    }
  })

  it('has labels, distances and inertia that placing with its centres gives again, whatever shape the rows have', async () => {
    const shapes = [
      [1, 1, 1],
      [9, 1, 3],
      [17, 3, 5],
      [500, 7, 9],
      [2_049, 16, 13],
      [300, 33, 4],
    ] as const
    for (const [rowCount, dimensions, clusterCount] of shapes) {
      const matrix = groupsOf(rowCount, dimensions, 3)
      const { centres, labels, inertia } = await fit(matrix, clusterCount)
      const placed = await pool.place(matrix, centres, clusterCount)
      expect(placed.labels).toEqual(labels)
      expect(placed.distances.reduce((sum, distance) => sum + distance ** 2, 0)).toBeCloseTo(inertia, 6)
    }
  })

  it('places rows to the bit as the loops do that take its place where it does not run', () => {
    for (const [rowCount, dimensions, clusterCount] of [
      [1, 1, 1],
      [4_099, 3, 2],
      [1_030, 16, 8],
      [517, 41, 13],
    ] as const) {
      const { values } = groupsOf(rowCount, dimensions, 5)
      // Twice the same centre: the lower number wins, and the other is next.
      const centres = values.slice(0, Math.min(clusterCount, rowCount) * dimensions)
      centres.copyWithin(centres.length - dimensions, 0, dimensions)
      const [fast, plain] = [emptyPlacement(rowCount), emptyPlacement(rowCount)]
      placeFast(compileKernel()!, { values, dimensions, centres, start: 0, end: rowCount }, fast)
      placeRows(values, dimensions, centres, plain, 0, rowCount)
      expect(fast).toEqual(plain)
    }
  })

  it('ends where the centres are the means of their rows, in double precision', async () => {
    const matrix = groupsOf(4_000, 6, 5)
    const { centres, labels, converged } = await fit(matrix, 5, { tolerance: 0 })
    expect(converged).toBe(true)
    const sizes = new Float64Array(5)
    const means = new Float64Array(centres.length)
    labels.forEach((label) => (sizes[label]! += 1))
    matrix.values.forEach((value, at) => (means[labels[Math.floor(at / 6)]! * 6 + (at % 6)]! += value))
    means.forEach((sum, at) => expect(centres[at]).toBeCloseTo(sum / sizes[Math.floor(at / 6)]!, 12))
  })

  it('is as good as ml-kmeans from as many starts (k = 3 to 6)', async () => {
    const matrix = groupsOf(2_000, 4, 4)
    for (const clusterCount of [3, 4, 5, 6]) {
      const fast = await fit(matrix, clusterCount)
      const reference = await fit(matrix, clusterCount, { kernel: 'reference' })
      expect(fast.inertia / reference.inertia).toBeLessThan(1.01)
      if (clusterCount === 4) expect(adjustedRand(fast.labels, reference.labels)).toBe(1)
    }
  })

  it('finds the same partition when columns change places, or all values are moved and scaled', async () => {
    const matrix = groupsOf(3_000, 4, 4)
    const { labels } = await fit(matrix, 4)
    for (const order of [
      [3, 2, 1, 0],
      [1, 3, 0, 2],
    ])
      expect(adjustedRand((await fit(takeColumns(matrix, order), 4)).labels, labels)).toBe(1)
    for (const [factor, shift] of [
      [1e-9, 0],
      [1e12, 0],
      [1, 1e6],
    ] as const) {
      const values = matrix.values.map((value) => value * factor + shift)
      expect(adjustedRand((await fit({ ...matrix, values }, 4)).labels, labels)).toBe(1)
    }
  })

  it('finds the same partition when rows change places', async () => {
    const matrix = groupsOf(2_000, 3, 3)
    const { labels } = await fit(matrix, 3)
    const values = Float64Array.from(
      matrix.values,
      (_, at) => matrix.values[(1_999 - Math.floor(at / 3)) * 3 + (at % 3)]!,
    )
    expect(adjustedRand((await fit({ ...matrix, values }, 3)).labels.toReversed(), labels)).toBe(1)
  })

  it('lets a weight of n do what n equal rows do, and a weight of 0 what no row does', async () => {
    // No row is as far from one centre as from another, where rounding decides; no two rows are so near that single precision takes them for
    // one; and each cluster begins with a row of its own.
    const row = fc.tuple(
      fc.integer({ min: 1, max: 200 }).map((value) => value + 0.3 * Math.sin(7 * value)),
      fc.integer({ min: 0, max: 3 }),
    )
    const rows = fc.uniqueArray(row, { minLength: 8, maxLength: 60, selector: ([value]) => value })
    await fc.assert(
      fc.asyncProperty(rows, async (weighted) => {
        const present = weighted.filter(([, weight]) => weight > 0)
        fc.pre(present.length > 3)
        const centres = Float64Array.from(present.slice(0, 3), ([value]) => value)
        const once = matrixOf(weighted.map(([value]) => [value]))
        const weights = Float64Array.from(weighted, ([, weight]) => weight)
        const repeated = matrixOf(weighted.flatMap(([value, weight]) => Array.from({ length: weight }, () => [value])))
        const begin = { seeds: [], centres, tolerance: 0 }
        const [byWeight, byRows] = await Promise.all([fit(once, 3, { ...begin, weights }), fit(repeated, 3, begin)])
        expect(byWeight.inertia).toBeCloseTo(byRows.inertia, 8)
        byWeight.centres.forEach((centre, cluster) => expect(centre).toBeCloseTo(byRows.centres[cluster]!, 10))
      }),
      { numRuns: 40 },
    )
  })

  it('draws centres from rows with a weight only', async () => {
    const matrix = matrixOf(Array.from({ length: 40 }, (_, i) => [i < 4 ? i * 10 : 1000 + i]))
    const weights = Float64Array.from({ length: 40 }, (_, i) => (i < 4 ? 1 : 0))
    const { centres, inertia } = await fit(matrix, 4, { weights })
    expect([...centres].sort((a, b) => a - b)).toEqual([0, 10, 20, 30])
    expect(inertia).toBe(0)
  })

  it('gives an empty cluster the row that is farthest from its centre', async () => {
    const matrix = matrixOf([[0], [1], [2], [3], [100]])
    // Nobody is near 1000. By hand: 100 is farthest from its centre and goes there.
    const { centres, labels } = await fit(matrix, 3, { seeds: [], centres: Float64Array.of(0.5, 2.5, 1000) })
    expect([...centres]).toEqual([0.5, 2.5, 100])
    expect([...labels]).toEqual([0, 0, 1, 1, 2])
  })

  it('finds the distinct rows when there are no more of them than clusters; what is left over stays empty', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) =>
        [
          [1, 1],
          [2, 5],
          [7, 3],
        ][i % 3]!,
    )
    for (const clusterCount of [3, 4, 8]) {
      const { labels, inertia } = await fit(matrixOf(rows), clusterCount)
      expect(inertia).toBe(0)
      expect(
        adjustedRand(
          labels,
          Int32Array.from(rows, (_, i) => i % 3),
        ),
      ).toBe(1)
    }
    const { labels, inertia, centres } = await fit(matrixOf(Array.from({ length: 11 }, () => [3.1, -4.7])), 3)
    expect([...new Set(labels)]).toEqual([0])
    expect(inertia).toBeCloseTo(0, 25)
    expect(centres[0]).toBeCloseTo(3.1, 14)
  })

  it('tells which row is no number, and refuses weights that weigh nothing', async () => {
    const matrix = matrixOf([
      [1, 2],
      [3, Number.NaN],
      [4, 5],
    ])
    await expect(fit(matrix, 2)).rejects.toThrow('Row 2 has NaN in column 2')
    await expect(fit(matrixOf([[1], [Infinity]]), 2)).rejects.toThrow('Row 2 has Infinity in column 1')
    const line = matrixOf([[1], [2], [3]])
    await expect(fit(line, 2, { weights: new Float64Array(3) })).rejects.toThrow('All weights are 0')
    await expect(fit(line, 2, { weights: Float64Array.of(1, -1, 1) })).rejects.toThrow('Row 2 has the weight -1')
    await expect(fit(line, 2, { weights: Float64Array.of(1) })).rejects.toThrow('3 rows cannot have 1 weights')
    await expect(fit(line, 2, { seeds: [] })).rejects.toThrow('A fit needs a seed')
    await expect(fit(line, 0)).rejects.toThrow('0 is no number of clusters')
    await expect(fit(matrixOf([]), 2)).rejects.toThrow('0 × 1')
    expect((await fit(line, 3)).inertia).toBe(0)
  })

  it('stops a shared fit when the signal is aborted, and can fit the same rows again', async () => {
    const matrix = groupsOf(200_000, 8, 4)
    const aborted = new AbortController()
    const request = { seeds: [1, 2, 3, 4, 5, 6], maxIterations: 300, tolerance: 0 }
    const running = pool.kmeans({ matrix, clusterCount: 16, ...request }, aborted.signal)
    setTimeout(() => aborted.abort(), 200)
    await expect(running).rejects.toThrow(/abort/i)
    expect((await fit(matrix, 2, { seeds: [1], maxIterations: 2 })).iterations).toBeGreaterThan(0)
  })
})
