import { describe, expect, it } from 'vitest'
import { fitMixture } from '../../src/stats/fit-mixture.ts'
import type { MixtureRequest } from '../../src/stats/fit-mixture.ts'
import { bayesianInformation, logDensityOf, prepareMixture } from '../../src/stats/mixture.ts'
import type { Mixture } from '../../src/stats/mixture.ts'
import { sphericalMixture } from '../../src/stats/spherical-mixture.ts'
import { uniformDraws } from '../../src/stats/uniform-draws.ts'

const settings = { varianceFloor: 1e-6, tolerance: 1e-7, maxIterations: 500 }
const fit = (rows: readonly (readonly number[])[], labels: readonly number[], more: Partial<MixtureRequest> = {}) =>
  fitMixture({
    ...settings,
    values: Float64Array.from(rows.flat()),
    dimensions: rows[0]!.length,
    starts: [Int32Array.from(labels)],
    componentCount: Math.max(...labels) + 1,
    ...more,
  })

/** Three clouds of 40 rows in the plane around (0, 0), (6, 0) and (0, 9). */
function clouds(): { rows: number[][]; labels: number[] } {
  const draw = uniformDraws(5)
  const labels = Array.from({ length: 120 }, (_, i) => i % 3)
  const rows = labels.map((label) => [
    (label === 1 ? 6 : 0) + draw() + draw() + draw(),
    (label === 2 ? 9 : 0) + 2 * (draw() + draw() + draw()),
  ])
  return { rows, labels }
}

const two: Mixture = {
  dimensions: 1,
  weights: Float64Array.of(0.5, 0.5),
  means: Float64Array.of(0, 2),
  variances: Float64Array.of(1, 1),
}

describe('densities of a mixture', () => {
  it('are weighted normal densities, added up', () => {
    // By hand, x = 0: ½ φ(0) + ½ φ(2) = ½ (0.3989422804 + 0.0539909665).
    const [squares, joint, powers] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)]
    expect(logDensityOf(prepareMixture(two), Float64Array.of(0), 0, squares, joint, powers)).toBeCloseTo(
      Math.log(0.22646662345),
      9,
    )
    expect([...squares]).toEqual([0, 4])
    // By hand: φ(2) ÷ φ(0) = e⁻².
    expect(powers[0]).toBe(1)
    expect(powers[1]).toBeCloseTo(0.1353352832, 9)
    expect(Math.exp(joint[0]!)).toBeCloseTo(0.3989422804 / 2, 9)
  })

  it('do not underflow far away', () => {
    const [squares, joint, powers] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)]
    // By hand: the component at 2 alone counts: ln ½ − ½ ln 2π − 998² / 2.
    expect(logDensityOf(prepareMixture(two), Float64Array.of(1000), 0, squares, joint, powers)).toBeCloseTo(
      Math.log(0.5) - Math.log(2 * Math.PI) / 2 - 998 ** 2 / 2,
      6,
    )
  })

  it('have the criterion of Schwarz: parameters × ln n − 2 × log-likelihood', () => {
    expect(bayesianInformation(-100, 5, 100)).toBeCloseTo(5 * 4.605170186 + 200, 8)
  })
})

describe('fitting a mixture', () => {
  it('gives one component the mean and the population variance', () => {
    // By hand: mean 2, variance (4 + 0 + 4) ÷ 3.
    const { mixture, fault } = fit([[0], [2], [4]], [0, 0, 0])
    expect(fault).toBeNull()
    expect(mixture.means[0]).toBeCloseTo(2, 12)
    expect(mixture.variances[0]).toBeCloseTo(8 / 3, 12)
    expect([...mixture.weights]).toEqual([1])
  })

  it('finds three clouds again, however the start was wrong', () => {
    const { rows, labels } = clouds()
    const start = labels.map((label, i) => (i % 10 === 0 ? (label + 1) % 3 : label))
    const found = fit(rows, start)
    expect(found).toMatchObject({ converged: true, fault: null })
    expect([...found.labels]).toEqual(labels)
    expect([...found.mixture.weights].map((weight) => Math.round(weight * 120))).toEqual([40, 40, 40])
  })

  it('goes on from the start that is most likely after a few steps', () => {
    const { rows, labels } = clouds()
    const wrong = Int32Array.from(labels, (_, i) => (i % 3 === 0 ? 0 : Math.min(2, Math.floor(i / 40))))
    const starts = [wrong, Int32Array.from(labels), wrong]
    expect(fit(rows, labels, { starts })).toMatchObject({ start: 1, fault: null })
    expect(fit(rows, labels, { starts }).logLikelihood).toBe(fit(rows, labels).logLikelihood)
    const empty = new Int32Array(120)
    expect(fit(rows, labels, { starts: [empty, Int32Array.from(labels)] })).toMatchObject({ start: 1, fault: null })
  })

  it('never lets the likelihood fall: more steps, at least the same', () => {
    const { rows, labels } = clouds()
    const start = labels.map((_, i) => Math.floor(i / 40))
    const likelihoods = [1, 2, 4, 8, 16, 32].map(
      (maxIterations) => fit(rows, start, { maxIterations, tolerance: 0, varianceFloor: 0.2 }).logLikelihood,
    )
    expect(likelihoods).toEqual(likelihoods.toSorted((a, b) => a - b))
  })

  it('holds variances at the floor, a share of the variance of all rows', () => {
    // All rows: variance of (0, 0, 0, 10, 12, 14) by hand = 440 ÷ 6 − 6² = 37.333…
    const rows = [0, 0, 0, 10, 12, 14].map((x, i) => [x, i % 3])
    const { mixture, fault } = fit(rows, [0, 0, 0, 1, 1, 1], { varianceFloor: 0.01 })
    expect(fault).toBeNull()
    expect(mixture.variances[0]).toBeCloseTo(0.37333333, 8)
  })

  it('says that a component is a point when nothing varies in it', () => {
    const rows = [
      [0, 0],
      [0, 0],
      [0, 0],
      [5, 1],
      [7, 4],
      [9, 3],
    ]
    expect(fit(rows, [0, 0, 0, 1, 1, 1]).fault).toBe('point')
  })

  it('says that a component is lost when it has no rows', () => {
    expect(fit([[0], [1], [5], [6]], [0, 0, 1, 1], { componentCount: 3 }).fault).toBe('lost')
  })

  it('says that values which are not finite diverge', () => {
    expect(fit([[0], [1], [NaN], [3]], [0, 0, 1, 1]).fault).toBe('diverged')
    expect(fit([[0], [1], [Infinity], [3]], [0, 0, 1, 1]).fault).toBe('diverged')
    expect(fit([[0], [1e200], [3e200], [4e200]], [0, 0, 1, 1]).fault).toBe('diverged')
  })

  it('leaves a column that is the same for all rows out of the comparison', () => {
    const { rows, labels } = clouds()
    const plain = fit(rows, labels)
    const constant = fit(
      rows.map((row) => [...row, 7]),
      labels,
    )
    expect(constant.fault).toBeNull()
    expect([...constant.labels]).toEqual([...plain.labels])
    // Its density is that of its mean under variance 1: −½ ln 2π a row. The parameters are the same.
    const ofColumn = 120 * (Math.log(2 * Math.PI) / 2)
    expect(constant.bic).toBeCloseTo(plain.bic + 2 * ofColumn, 6)
  })
})

describe('k-means as a mixture', () => {
  it('places every row at its nearest centre', () => {
    const { rows } = clouds()
    const values = Float64Array.from(rows.flat())
    const centres = Float64Array.of(1.5, 3, 7.5, 3, 1.5, 12)
    const labels = Int32Array.from(rows, ([x, y]) => {
      const squares = [0, 1, 2].map((c) => (x! - centres[c * 2]!) ** 2 + (y! - centres[c * 2 + 1]!) ** 2)
      return squares.indexOf(Math.min(...squares))
    })
    const found = sphericalMixture({ values, dimensions: 2, centres, labels })
    expect([...found.labels]).toEqual([...labels])
    // The variance at which the partition is most likely: inertia ÷ values.
    let inertia = 0
    labels.forEach(
      (c, i) => (inertia += (rows[i]![0]! - centres[c * 2]!) ** 2 + (rows[i]![1]! - centres[c * 2 + 1]!) ** 2),
    )
    expect(found.mixture.variances[3]).toBeCloseTo(inertia / 240, 12)
    expect(Number.isFinite(found.bic)).toBe(true)
  })

  it('has a density when all rows lie on their centres', () => {
    const found = sphericalMixture({
      values: Float64Array.of(0, 0, 4, 4),
      dimensions: 1,
      centres: Float64Array.of(0, 4),
      labels: Int32Array.of(0, 0, 1, 1),
    })
    expect([...found.labels]).toEqual([0, 0, 1, 1])
    expect(Number.isFinite(found.logLikelihood)).toBe(true)
  })
})
