import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountsDoNotReconcile } from '../../../src/errors/counts-do-not-reconcile.ts'
import { addSizes, assertAllPlaced, countPlaced } from '../../../src/stages/cluster/cluster-sizes.ts'
import { chooseFit, outlierDistance } from '../../../src/stages/cluster/kmeans/choose-fit.ts'
import { flattenCentres } from '../../../src/stages/cluster/kmeans/parameters.ts'
import { numberClusters } from '../../../src/stages/cluster/kmeans/number-clusters.ts'
import { confidences, outliers } from '../../../src/stages/cluster/kmeans/place-by-centres.ts'

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
      origins: [2, 1, 0],
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
        const { origins: _, ...clusters } = before
        expect(after).toMatchObject(clusters)
      }),
    )
  })
})

describe('chooseFit', () => {
  it('keeps every count that was tried as evidence', () => {
    const evidence = { seed: 1, calinskiHarabasz: 8, daviesBouldin: 0.5, start: 'cold' } as const
    const fits = [
      { ...evidence, centres: [[0], [1]], sizes: [3, 1], origins: [0, 1], silhouette: 0.3, inertia: 9 },
      { ...evidence, centres: [[0], [1], [2]], sizes: [2, 1, 1], origins: [2, 0, 1], silhouette: 0.6, inertia: 4 },
    ].map((fit, i) => ({ ...fit, jaccards: fit.sizes.map((size) => size / 4), predictionStrength: i / 2 }))
    const { fit, candidates } = chooseFit(fits, { minimumShare: 0.01, previousCount: null, margin: 0.1 })
    expect(fit).toBe(fits[1])
    const same = {
      method: 'kmeans',
      smallestShare: 0.25,
      minimumJaccard: 0.25,
      calinskiHarabasz: 8,
      daviesBouldin: 0.5,
      start: 'cold',
    }
    expect(candidates).toEqual([
      {
        ...same,
        clusterCount: 2,
        silhouette: 0.3,
        inertia: 9,
        predictionStrength: 0,
        chosen: false,
        reason: candidates[0]!.reason,
      },
      {
        ...same,
        clusterCount: 3,
        silhouette: 0.6,
        inertia: 4,
        predictionStrength: 0.5,
        chosen: true,
        reason: candidates[1]!.reason,
      },
    ])
    expect(candidates.map(({ reason }) => reason)).toEqual([
      'Its least stable cluster has a Jaccard overlap of 0.25, less than 0.6.',
      expect.stringMatching(/^Chosen: no count/),
    ])
    expect([...flattenCentres(fit)]).toEqual([0, 1, 2])
  })
})

describe('placing by centres', () => {
  it('is sure at a centre, unsure on a border, and sure with nothing else to belong to', () => {
    const nearest = {
      labels: Int32Array.of(0, 1, 2, 0, 0),
      nextLabels: Int32Array.of(1, 0, 1, -1, 1),
      distances: Float64Array.of(0, 2, 1, 5, 0),
      nextDistances: Float64Array.of(4, 2, 4, Infinity, 0),
    }
    expect([...confidences(nearest)]).toEqual([1, 0, 0.75, 1, 0])
    expect([...outliers(nearest, 2)]).toEqual([0, 0, 0, 1, 0])
  })

  it('calls one customer in two hundred an outlier (by hand: 1 … 201, the 200th)', () => {
    expect(outlierDistance(Float64Array.from({ length: 201 }, (_, i) => 201 - i))).toBe(200)
  })
})

describe('cluster sizes', () => {
  it('adds shards up', () => {
    const sizes = [0, 0, 0]
    const placed = { cluster: Int32Array.of(0, 2, -1, 0), also: [Int32Array.of(-1, 0, -1, -1)] }
    expect(countPlaced(placed, sizes)).toBe(3)
    expect(sizes).toEqual([3, 0, 1])
    expect(addSizes(3, [[3, 0, 1], [1, 1, 1], []])).toEqual([4, 1, 2])
  })

  it('refuses a customer who is lost or invented', () => {
    expect(() => assertAllPlaced(3, 3, 3)).not.toThrow()
    expect(() => assertAllPlaced(3, 3, 4)).toThrow(CountsDoNotReconcile)
    expect(() => assertAllPlaced(4, 3, 4)).toThrow('Of 4 customers with features, 4 were placed')
  })
})
