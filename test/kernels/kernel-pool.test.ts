import { afterAll, describe, expect, it } from 'vitest'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import { haveReferenceSets, matrixOf, readIris } from './reference-sets.ts'

const one = makeKernelPool({ threads: 1 })
const two = makeKernelPool({ threads: 2 })
afterAll(() => Promise.all([one.close(), two.close()]))

const scattered = matrixOf(
  Array.from({ length: 1_000 }, (_, i) => [((i * 7919) % 1_009) / 1_009, ((i * 104_729) % 997) / 997]),
)

describe('kernel pool', { timeout: 30_000 }, () => {
  it('gives the same bits with one thread and with two', async () => {
    const request = { matrix: scattered, clusterCount: 6, seeds: [3, 4, 5], maxIterations: 50 }
    const [fit, sameFit] = await Promise.all([one.kmeans(request), two.kmeans(request)])
    expect(sameFit).toEqual(fit)
    const [placed, samePlaced] = await Promise.all([
      one.place(scattered, fit.centres, 6),
      two.place(scattered, fit.centres, 6),
    ])
    expect(samePlaced).toEqual(placed)
    expect(placed.labels).toEqual(fit.labels)
    const [silhouette, sameSilhouette] = await Promise.all([
      one.silhouette(scattered, fit.labels, 6),
      two.silhouette(scattered, fit.labels, 6),
    ])
    expect(sameSilhouette).toBe(silhouette)
  })

  it('keeps the start with the lowest inertia, and the first of equals', async () => {
    const seeds = [1, 2, 3, 4, 5, 6]
    const best = await two.kmeans({ matrix: scattered, clusterCount: 5, seeds, maxIterations: 20 })
    const each = await Promise.all(
      seeds.map((seed) => two.kmeans({ matrix: scattered, clusterCount: 5, seeds: [seed], maxIterations: 20 })),
    )
    expect(best.inertia).toBe(Math.min(...each.map((fit) => fit.inertia)))
    const same = await two.kmeans({
      matrix: matrixOf([[0], [1], [5]]),
      clusterCount: 3,
      seeds: [8, 9],
      maxIterations: 9,
    })
    expect(same.seed).toBe(8)
  })

  it('places rows with their nearest and next nearest centre (by hand, k = 3)', async () => {
    const placement = await two.place(
      matrixOf([
        [0, 0],
        [3, 4],
        [10, 0],
      ]),
      Float64Array.of(0, 0, 10, 0, 3, 0),
      3,
    )
    expect([...placement.labels]).toEqual([0, 2, 1])
    expect([...placement.nextLabels]).toEqual([2, 0, 2])
    expect([...placement.distances]).toEqual([0, 4, 0])
    expect([...placement.nextDistances]).toEqual([3, 5, 7])
  })

  it('has no next centre with one cluster, and nothing to place without rows', async () => {
    const single = await one.place(matrixOf([[1], [2]]), Float64Array.of(1), 1)
    expect([...single.nextLabels]).toEqual([-1, -1])
    expect([...single.nextDistances]).toEqual([Infinity, Infinity])
    const empty = { rowCount: 0, dimensions: 2, values: new Float64Array() }
    expect((await one.place(empty, Float64Array.of(0, 0), 1)).labels).toHaveLength(0)
    expect(await one.silhouette(empty, new Int32Array(), 2)).toBe(0)
  })

  it('places more rows than one task takes, ties with the lower number', async () => {
    const rowCount = 200_000
    const values = Float64Array.from({ length: rowCount }, (_, i) => i % 10)
    const { labels } = await two.place({ rowCount, dimensions: 1, values }, Float64Array.of(0, 5, 9), 3)
    // 7 is as far from 5 as from 9.
    expect(labels.every((label, i) => label === [0, 0, 0, 1, 1, 1, 1, 1, 2, 2][i % 10])).toBe(true)
  })

  it('stops running work when the signal is aborted, and works again afterwards', async () => {
    const aborted = new AbortController()
    const many = matrixOf(Array.from({ length: 60_000 }, (_, i) => [Math.sin(i), Math.cos(i * 3), i % 17]))
    // Minutes of work, so that it is not over before it is stopped.
    const seeds = Array.from({ length: 1_000 }, (_, i) => i)
    const fit = two.kmeans({ matrix: many, clusterCount: 20, seeds, maxIterations: 300 }, aborted.signal)
    setTimeout(() => aborted.abort(), 300)
    const startedMs = performance.now()
    await expect(fit).rejects.toThrow(/abort/i)
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect((await two.place(matrixOf([[1]]), Float64Array.of(1), 1)).distances[0]).toBe(0)
  })

  it('runs a calculation in a thread (by hand: centres 1 and 12 around 6.5)', async () => {
    const partition = { labels: Int32Array.of(0, 0, 1, 1), clusterCount: 2 }
    const separations = await two.calculate('measureSeparation', [Float64Array.of(0, 2, 10, 14), 1, [partition]])
    expect(separations).toEqual([{ calinskiHarabasz: 121 / 5, daviesBouldin: 3 / 11 }])
  })

  it('refuses shapes that do not fit', async () => {
    await expect(one.place(matrixOf([[1, 2]]), Float64Array.of(1), 1)).rejects.toThrow('1 centres of 2 dimensions')
    const torn = { rowCount: 2, dimensions: 2, values: new Float64Array(3) }
    await expect(one.silhouette(torn, new Int32Array(2), 1)).rejects.toThrow('2 × 2')
  })
})

describe.runIf(haveReferenceSets())('kernel pool on iris', { timeout: 30_000 }, () => {
  it('has the silhouette of scikit-learn, k = 3: 0.5528190124', async () => {
    const { matrix } = readIris()
    const fit = await two.kmeans({ matrix, clusterCount: 3, seeds: [1, 2, 3, 4, 5, 6, 7, 8], maxIterations: 300 })
    expect(fit.inertia).toBeCloseTo(78.851441426146, 9)
    expect(await two.silhouette(matrix, fit.labels, 3)).toBeCloseTo(0.5528190124, 9)
  })
})
