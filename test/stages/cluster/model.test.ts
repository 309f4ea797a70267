import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountsDoNotReconcile } from '../../../src/errors/counts-do-not-reconcile.ts'
import { addSizes, assertAllPlaced, readSizes } from '../../../src/stages/cluster/cluster-sizes.ts'
import { chooseFit, flattenCentres, outlierDistance } from '../../../src/stages/cluster/model.ts'
import { numberClusters } from '../../../src/stages/cluster/number-clusters.ts'
import { placedColumns } from '../../../src/stages/cluster/placed-columns.ts'

describe('numberClusters', () => {
  it('numbers from the largest to the smallest, equal sizes by their centres, and leaves empty ones out', () => {
    const centres = Float64Array.of(5, 5, 1, 9, 1, 2, 7, 7)
    const labels = Int32Array.of(0, 1, 2, 0, 1, 2, 2)
    expect(numberClusters({ centres, labels }, 2)).toEqual({
      centres: [
        [1, 2],
        [1, 9],
        [5, 5],
      ],
      sizes: [3, 2, 2],
    })
  })

  it('gives the same numbers whatever numbers the fit used', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(labels, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (values, names) => {
        const centres = Float64Array.from({ length: 5 }, (_, cluster) => cluster * 3)
        const renamed = new Float64Array(5)
        names.forEach((name, cluster) => (renamed[name] = centres[cluster]!))
        const before = numberClusters({ centres, labels: Int32Array.from(values) }, 1)
        const after = numberClusters({ centres: renamed, labels: Int32Array.from(values, (value) => names[value]!) }, 1)
        expect(after).toEqual(before)
      }),
    )
  })
})

describe('chooseFit', () => {
  it('keeps every count that was tried as evidence', () => {
    const fits = [
      { centres: [[0], [1]], sizes: [3, 1], silhouette: 0.3, inertia: 9, seed: 1 },
      { centres: [[0], [1], [2]], sizes: [2, 1, 1], silhouette: 0.6, inertia: 4, seed: 2 },
    ]
    const { fit, candidates } = chooseFit('kmeans', fits)
    expect(fit).toBe(fits[1])
    expect(candidates).toEqual([
      { method: 'kmeans', clusterCount: 2, silhouette: 0.3, inertia: 9, smallestShare: 0.25, chosen: false },
      { method: 'kmeans', clusterCount: 3, silhouette: 0.6, inertia: 4, smallestShare: 0.25, chosen: true },
    ])
    expect([...flattenCentres(fit)]).toEqual([0, 1, 2])
  })
})

describe('placedColumns', () => {
  it('is sure at a centre, unsure on a border, and sure with nothing else to belong to', () => {
    const columns = placedColumns(
      {
        labels: Int32Array.of(0, 1, 2, 0, 0),
        nextLabels: Int32Array.of(1, 0, 1, -1, 1),
        distances: Float64Array.of(0, 2, 1, 5, 0),
        nextDistances: Float64Array.of(4, 2, 4, Infinity, 0),
      },
      2,
    )
    expect([...columns.confidence]).toEqual([1, 0, 0.75, 1, 0])
    expect([...columns.is_outlier]).toEqual([0, 0, 0, 1, 0])
    expect([...columns.next_cluster]).toEqual([1, 0, 1, -1, 1])
  })

  it('calls one customer in two hundred an outlier (by hand: 1 … 201, the 200th)', () => {
    expect(outlierDistance(Float64Array.from({ length: 201 }, (_, i) => 201 - i))).toBe(200)
  })
})

describe('cluster sizes', () => {
  it('adds shards up', () => {
    const rows = [
      { cluster: 0, customers: 3 },
      { cluster: 2, customers: 1 },
    ]
    expect(readSizes(3, rows)).toEqual([3, 0, 1])
    expect(addSizes(3, [[3, 0, 1], [1, 1, 1], []])).toEqual([4, 1, 2])
  })

  it('refuses a customer who is lost or invented', () => {
    expect(() => assertAllPlaced([2, 1], 3, 3)).not.toThrow()
    expect(() => assertAllPlaced([2, 1], 3, 4)).toThrow(CountsDoNotReconcile)
    expect(() => assertAllPlaced([2, 2], 3, 4)).toThrow('Of 4 customers with features, 4 were placed')
  })
})
