import { describe, expect, it } from 'vitest'
import { fitKMeans } from '../../src/kernels/fit-kmeans.ts'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import { haveReferenceSets, matrixOf, readBenchmarkSet, readIris } from './reference-sets.ts'
import type { Matrix } from '../../src/ports/kernel-pool.ts'

const fit = ({ values, dimensions }: Matrix, clusterCount: number, seed = 1) =>
  fitKMeans({ values, dimensions, clusterCount, seed, maxIterations: 300, tolerance: 1e-6 })

const bestOf = (starts: number, matrix: Matrix, clusterCount: number) =>
  Array.from({ length: starts }, (_, seed) => fit(matrix, clusterCount, seed)).reduce((best, next) =>
    next.inertia < best.inertia ? next : best,
  )

describe('fitKMeans', () => {
  it('gives the same bits for the same seed', () => {
    const matrix = matrixOf(Array.from({ length: 60 }, (_, i) => [(i * 37) % 61, (i * 11) % 13]))
    expect(fit(matrix, 4, 9)).toEqual(fit(matrix, 4, 9))
  })

  it('finds the distinct rows when there are no more of them than clusters; what is left over stays empty', () => {
    const { centres, labels, inertia } = fit(
      matrixOf([
        [1, 1],
        [1, 1],
        [2, 2],
        [1, 1],
      ]),
      3,
    )
    expect([...labels]).toEqual([0, 0, 1, 0])
    expect([...centres]).toEqual([1, 1, 2, 2, 1, 1])
    expect(inertia).toBe(0)
  })

  it('puts constant rows into one cluster', () => {
    const { labels, inertia } = fit(matrixOf(Array.from({ length: 5 }, () => [3, 3])), 3)
    expect([...labels]).toEqual([0, 0, 0, 0, 0])
    expect(inertia).toBe(0)
  })

  it('keeps duplicates of a row together (k = 3)', () => {
    const rows = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 11, 50].map((value) => [value])
    const { labels, inertia } = bestOf(5, matrixOf(rows), 3)
    expect(adjustedRand(labels, Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2))).toBe(1)
    expect(inertia).toBe(0.5)
  })

  it('labels every row with its nearest final centre, and sums up those distances', () => {
    const matrix = matrixOf(Array.from({ length: 50 }, (_, i) => [i * i]))
    const { centres, labels, inertia } = fit(matrix, 5)
    const distances = Array.from(matrix.values, (value) => [...centres].map((centre) => (value - centre) ** 2))
    expect([...labels]).toEqual(distances.map((row) => row.indexOf(Math.min(...row))))
    expect(inertia).toBe(distances.reduce((sum, row) => sum + Math.min(...row), 0))
  })
})

describe.runIf(haveReferenceSets())('fitKMeans on data with known answers', { timeout: 30_000 }, () => {
  it('reaches the inertia of scikit-learn on iris, k = 3: 78.851441', () => {
    const { matrix, species } = readIris()
    const best = bestOf(10, matrix, 3)
    expect(best.inertia).toBeCloseTo(78.851441426146, 9)
    expect([0, 1, 2].map((cluster) => best.labels.filter((label) => label === cluster).length).sort()).toEqual([
      38, 50, 62,
    ])
    expect(adjustedRand(best.labels, species)).toBeCloseTo(0.7302, 4)
  })

  it('finds the published optimum of SIPU S1, k = 15, and the partition scikit-learn found', () => {
    const { matrix, truth, reference } = readBenchmarkSet('sipu/s1', 15)
    const best = bestOf(5, matrix, 15)
    expect(best.inertia / 8.917616e12).toBeCloseTo(1, 5)
    expect(adjustedRand(best.labels, reference)).toBeGreaterThan(0.999)
    expect(adjustedRand(best.labels, truth)).toBeCloseTo(0.9868, 3)
  })

  it('finds the seven groups of FCPS hepta', () => {
    const { matrix, truth } = readBenchmarkSet('fcps/hepta', 7)
    const best = bestOf(5, matrix, 7)
    expect(adjustedRand(best.labels, truth)).toBe(1)
    expect(best.inertia).toBeCloseTo(106.1476, 3)
  })
})
