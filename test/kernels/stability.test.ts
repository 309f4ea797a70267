import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import type { KernelPool, Matrix, StabilityRequest } from '../../src/ports/kernel-pool.ts'
import { blob, plantedGroups } from '../stats/planted-rows.ts'
import { haveReferenceSets, readBenchmarkSet } from './reference-sets.ts'

let one: KernelPool
let two: KernelPool

beforeAll(() => {
  one = makeKernelPool({ threads: 1 })
  two = makeKernelPool({ threads: 2 })
})

afterAll(() => Promise.all([one.close(), two.close()]))

async function requestFor(matrix: Matrix, clusterCount: number): Promise<StabilityRequest> {
  const { labels } = await two.kmeans({ matrix, clusterCount, seeds: [1, 2, 3], maxIterations: 100 })
  return { matrix, partition: { labels, clusterCount }, bootstraps: 10, splits: 5, starts: 2, seed: 7 }
}

const matrixOf = (values: Float64Array, dimensions: number): Matrix => ({
  values,
  dimensions,
  rowCount: values.length / dimensions,
})

describe('stability', () => {
  it('is 1 for planted groups, and below what is trusted when their number is missed', async () => {
    const matrix = matrixOf(plantedGroups(900, 4, 5, 1).values, 4)
    const right = await two.stability(await requestFor(matrix, 5))
    expect(right.jaccards.map((jaccard) => jaccard!.toFixed(2))).toEqual(Array(5).fill('1.00'))
    expect(right.predictionStrength).toBeCloseTo(1, 2)
    for (const clusterCount of [4, 6]) {
      const { jaccards, predictionStrength } = await two.stability(await requestFor(matrix, clusterCount))
      expect(Math.min(...jaccards.map(Number))).toBeLessThan(0.75)
      expect(predictionStrength).toBeLessThan(0.8)
    }
  })

  it('trusts no cluster of one heap that was cut in five', async () => {
    const { jaccards, predictionStrength } = await two.stability(await requestFor(matrixOf(blob(1000, 6, 2), 6), 5))
    expect(Math.min(...jaccards.map(Number))).toBeLessThan(0.6)
    expect(predictionStrength).toBeLessThan(0.5)
  })

  it('knows the true number of the benchmark sets hepta, tetra, r15', { skip: !haveReferenceSets() }, async () => {
    for (const [name, truth] of [
      ['fcps/hepta', 7],
      ['fcps/tetra', 4],
      ['sipu/r15', 15],
    ] as const) {
      const { matrix } = readBenchmarkSet(name, truth)
      const counts = [truth - 2, truth - 1, truth, truth + 1, truth + 2]
      const strengths = await Promise.all(
        counts.map(async (count) => (await two.stability(await requestFor(matrix, count))).predictionStrength!),
      )
      expect(counts.filter((_, i) => strengths[i]! >= 0.8)).toEqual([truth])
    }
  })

  it('is the same, bit for bit, with one thread and with two', async () => {
    const request = await requestFor(matrixOf(blob(500, 3, 3), 3), 4)
    expect(await one.stability(request)).toEqual(await two.stability(request))
  })

  it('has nothing to say of clusters without rows, or without refits', async () => {
    const matrix = matrixOf(plantedGroups(60, 2, 3, 1).values, 2)
    const request = await requestFor(matrix, 3)
    const empty = { ...request, partition: { ...request.partition, clusterCount: 4 } }
    expect((await two.stability(empty)).jaccards[3]).toBeNull()
    const nothing = await two.stability({ ...request, bootstraps: 0, splits: 0 })
    expect(nothing).toEqual({ jaccards: [null, null, null], predictionStrength: null })
  })

  it('runs on the reference kernel too', async () => {
    const request = await requestFor(matrixOf(plantedGroups(200, 3, 4, 1).values, 3), 4)
    const { jaccards, predictionStrength } = await two.stability({ ...request, kernel: 'reference' })
    expect([...jaccards, predictionStrength].map((value) => value!.toFixed(2))).toEqual(Array(5).fill('1.00'))
  })
})
