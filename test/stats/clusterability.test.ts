import { describe, expect, it } from 'vitest'
import { dipOf } from '../../src/stats/dip.ts'
import { dipTest } from '../../src/stats/dip-test.ts'
import { hopkins } from '../../src/stats/hopkins.ts'
import { principalComponent } from '../../src/stats/principal-component.ts'
import { haveReferenceSets, readIris } from '../kernels/reference-sets.ts'
import { blob, noise, plantedGroups } from './planted-rows.ts'

const rows = (count: number, of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i + 1))
const [GOLDEN, ROOT_2, ROOT_3] = [0.618033988749895, 0.4142135623730951, 0.7320508075688772]
const uniform = (i: number) => (i * GOLDEN) % 1
const onePeak = (i: number) => ((i * GOLDEN) % 1) + ((i * ROOT_2) % 1) + ((i * ROOT_3) % 1)
const twoPeaks = (i: number) => onePeak(i) + (i % 2 === 0 ? 1.6 : 0)
const ties = (i: number) => (i * i) % 7

describe('dipTest', () => {
  it('has the dip that the package diptest 0.12.0 gives', () => {
    const expected = [
      [12, onePeak, 0.08431888282473587],
      [12, twoPeaks, 0.12341267462311538],
      [12, uniform, 0.05382483614586033],
      [40, onePeak, 0.038328697100453626],
      [40, twoPeaks, 0.05214972966879183],
      [300, twoPeaks, 0.021146734866489315],
      [300, ties, 0.14333333333333334],
      [4000, onePeak, 0.009294668467448933],
      [4000, twoPeaks, 0.021327850523076224],
      [4000, uniform, 0.00045154909930617037],
    ] as const
    for (const [count, of, dip] of expected) expect(dipOf(rows(count, of).sort())).toBeCloseTo(dip, 14)
  })

  it('has the p of diptest, which simulated its own table, but for a hundredth', () => {
    const expected = [
      [12, onePeak, 0.6647],
      [12, twoPeaks, 0.0847],
      [40, onePeak, 0.9574],
      [40, twoPeaks, 0.5629],
      [300, onePeak, 0.8451],
      [300, twoPeaks, 0.4881],
      [4000, onePeak, 0.0218],
      [4000, twoPeaks, 0],
      [300, uniform, 1],
    ] as const
    for (const [count, of, p] of expected) expect(Math.abs(dipTest(rows(count, of)).p - p)).toBeLessThan(0.01)
  })

  it('does not depend on the order, place or scale of the values', () => {
    const values = rows(100, twoPeaks)
    expect(dipTest(values.toReversed())).toEqual(dipTest(values))
    expect(dipTest(values.map((value) => value * 8)).dip).toBeCloseTo(dipTest(values).dip, 12)
    expect(dipTest(values.map((value) => -value)).dip).toBeCloseTo(dipTest(values).dip, 12)
  })

  it('finds one peak in few values and in equal ones', () => {
    for (const values of [Float64Array.of(), Float64Array.of(1, 9), Float64Array.of(3, 3, 3, 3, 3)])
      expect(dipTest(values)).toEqual({ dip: 0, p: 1 })
  })
})

describe('principalComponent', () => {
  it('is what scikit-learn 1.9.1 gives for iris', { skip: !haveReferenceSets() }, () => {
    const { matrix } = readIris()
    const places = principalComponent(matrix.values, matrix.dimensions)
    expect([...places.slice(0, 3)]).toEqual([
      expect.closeTo(-2.68412563, 7),
      expect.closeTo(-2.71414169, 7),
      expect.closeTo(-2.88899057, 7),
    ])
    expect(places.reduce((sum, place) => sum + place * place, 0) / 149).toBeCloseTo(4.22824171, 7)
    // diptest 0.12.0 on the same places.
    expect(dipTest(places).dip).toBeCloseTo(0.11081191710959473, 12)
    expect(dipTest(places).p).toBe(0)
  })

  it('finds a direction at right angles to the first column', () => {
    // Column 1 varies as much as the others and goes with neither; columns 2 and 3 go together.
    const places = principalComponent(Float64Array.of(1, 1, 1, -1, 1, 1, 1, -1, -1, -1, -1, -1), 3)
    expect([...places]).toEqual([1, 1, -1, -1].map((sign) => expect.closeTo(sign * Math.SQRT2, 12) as number))
  })

  it('is 0 everywhere when nothing varies', () => {
    expect([...principalComponent(Float64Array.of(2, 3, 2, 3), 2)]).toEqual([0, 0])
    expect(principalComponent(new Float64Array(), 3)).toHaveLength(0)
  })
})

describe('hopkins', () => {
  it('is about one half for rows spread evenly, in few and in many dimensions', () => {
    for (const dimensions of [2, 4, 8, 16])
      for (const seed of [1, 2, 3])
        expect(hopkins(noise(2000, dimensions, seed), dimensions, 100, seed)).toBeLessThan(0.6)
  })

  it('is near 1 for one heap and for several', () => {
    for (const dimensions of [2, 4, 8]) {
      expect(hopkins(blob(2000, dimensions, 5), dimensions, 100, 1)).toBeGreaterThan(0.9)
      expect(hopkins(plantedGroups(2000, dimensions, 3, 5).values, dimensions, 100, 1)).toBeGreaterThan(0.9)
    }
  })

  it('looks only at columns that vary, and has no value without any', () => {
    const narrow = noise(500, 2, 9)
    const wide = Float64Array.from({ length: 1500 }, (_, i) =>
      i % 3 === 2 ? 7 : narrow[Math.floor(i / 3) * 2 + (i % 3)]!,
    )
    expect(hopkins(wide, 3, 100, 1)).toBeLessThan(0.6)
    expect(hopkins(new Float64Array(20).fill(4), 2, 100, 1)).toBe(NaN)
    expect(hopkins(Float64Array.of(1, 2), 2, 100, 1)).toBe(NaN)
  })
})
