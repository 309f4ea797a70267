import { describe, expect, it } from 'vitest'
import { calinskiHarabasz } from '../../src/stats/calinski-harabasz.ts'
import { contingencyTable } from '../../src/stats/contingency.ts'
import { daviesBouldin } from '../../src/stats/davies-bouldin.ts'
import { dispersionOf } from '../../src/stats/dispersion.ts'
import { adjustedMutualInformation, variationOfInformation } from '../../src/stats/mutual-information.ts'
import { predictionStrength } from '../../src/stats/prediction-strength.ts'
import { recoveredClusters } from '../../src/stats/recovered-clusters.ts'
import { haveReferenceSets, readIris, readWine } from '../kernels/reference-sets.ts'

const labels = (...values: number[]) => Int32Array.from(values)

describe('Caliński–Harabasz and Davies–Bouldin', () => {
  const line = Float64Array.of(0, 2, 10, 14)
  const halves = dispersionOf(line, 1, { labels: labels(0, 0, 1, 1), clusterCount: 2 })

  it('compare what lies between clusters with what lies within (by hand)', () => {
    // Centres 1 and 12 around 6.5: between 2 × 5.5² × 2; within 2 × 1² + 2 × 2².
    expect(calinskiHarabasz(halves)).toBe(121 / 1 / (10 / 2))
    expect(daviesBouldin(halves)).toBe((1 + 2) / 11)
  })

  it('are what scikit-learn 1.9.1 gives for the species of iris and wine', { skip: !haveReferenceSets() }, () => {
    for (const [{ matrix, species }, variance, davies] of [
      [readIris(), 487.33087637489984, 0.7513707094756737],
      [readWine(), 206.6781164482878, 1.5154862521642123],
    ] as const) {
      const dispersion = dispersionOf(matrix.values, matrix.dimensions, { labels: species, clusterCount: 3 })
      expect(calinskiHarabasz(dispersion)).toBeCloseTo(variance, 9)
      expect(daviesBouldin(dispersion)).toBeCloseTo(davies, 12)
    }
  })

  it('leave clusters without rows out, and have no value for a single one', () => {
    const gaps = dispersionOf(line, 1, { labels: labels(1, 1, 4, 4), clusterCount: 6 })
    expect(calinskiHarabasz(gaps)).toBe(calinskiHarabasz(halves))
    expect(daviesBouldin(gaps)).toBe(daviesBouldin(halves))
    const whole = dispersionOf(line, 1, { labels: labels(0, 0, 0, 0), clusterCount: 1 })
    expect([calinskiHarabasz(whole), daviesBouldin(whole)]).toEqual([NaN, NaN])
  })

  it('tell rows on their centres, and centres on one another', () => {
    const same = (...of: number[]) =>
      dispersionOf(Float64Array.of(1, 1, 5, 5), 1, { labels: labels(...of), clusterCount: 2 })
    expect([calinskiHarabasz(same(0, 0, 1, 1)), daviesBouldin(same(0, 0, 1, 1))]).toEqual([Infinity, 0])
    expect([calinskiHarabasz(same(0, 1, 0, 1)), daviesBouldin(same(0, 1, 0, 1))]).toEqual([0, Infinity])
  })
})

describe('adjusted mutual information and variation of information', () => {
  const a = labels(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2)
  const b = labels(0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 0, 2, 2, 2, 1, 1)

  it('are what scikit-learn 1.9.1 gives for the labels of its tests', () => {
    expect(adjustedMutualInformation(contingencyTable(a, b))).toBeCloseTo(0.2782096465726981, 12)
    expect(variationOfInformation(contingencyTable(a, b))).toBeCloseTo(1.3480242369760986, 12)
    const small = contingencyTable(labels(0, 0, 1, 2), labels(0, 0, 1, 1))
    expect(adjustedMutualInformation(small)).toBeCloseTo(0.5714285714285714, 12)
  })

  it('know the same partition under other names', () => {
    const renamed = contingencyTable(
      a,
      a.map((label) => 4 - label),
    )
    expect(adjustedMutualInformation(renamed)).toBeCloseTo(1, 12)
    expect(variationOfInformation(renamed)).toBeCloseTo(0, 12)
  })

  it('agree on all in one and on all apart, and not on one of each', () => {
    const [one, apart] = [labels(0, 0, 0, 0), labels(0, 1, 2, 3)]
    const agreement = (x: Int32Array, y: Int32Array) => adjustedMutualInformation(contingencyTable(x, y))
    expect([agreement(one, one), agreement(apart, apart), agreement(one, apart)]).toEqual([1, 1, 0])
    expect(agreement(labels(), labels())).toBe(1)
    expect(variationOfInformation(contingencyTable(one, apart))).toBeCloseTo(Math.log(4), 12)
  })
})

describe('predictionStrength', () => {
  it('is the share of pairs that the other half keeps together, of the weakest cluster (by hand)', () => {
    // Cluster 0: all 3 pairs kept. Cluster 1: of 6 pairs, those of the first three rows.
    expect(predictionStrength(labels(0, 0, 0, 1, 1, 1, 1), labels(2, 2, 2, 0, 0, 0, 1))).toBe(3 / 6)
    expect(predictionStrength(labels(0, 0, 1, 1), labels(5, 5, 5, 5))).toBe(1)
  })

  it('is 0 when a cluster has a single row', () => {
    expect(predictionStrength(labels(0, 0, 1), labels(0, 0, 1))).toBe(0)
  })
})

describe('recoveredClusters', () => {
  it('is the largest Jaccard overlap of each cluster (by hand)', () => {
    const recovered = recoveredClusters(labels(0, 0, 0, 1, 1, 3), labels(1, 1, 0, 0, 0, 0), 4)
    expect([...recovered]).toEqual([2 / 3, 2 / 4, NaN, 1 / 4])
  })
})
