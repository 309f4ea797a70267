import { describe, expect, it } from 'vitest'
import { programmeLift } from '../../src/effectiveness/programme-lift.ts'
import { reallocate } from '../../src/effectiveness/reallocate.ts'

const COUNT = 600
const rows = Array.from({ length: COUNT }, (_, i) => i)
const share = (i: number, factor: number, prime: number): number => ((i * factor) % prime) / prime
const labels = Int32Array.from(rows, (i) => (i * 31) % 3)
const segments = { labels, groupCount: 3 }
const contactCost = Float64Array.from(rows, (i) => (labels[i] === 0 ? 1 : 0.2) * (0.5 + share(i, 7_919, 1_009)))
const earned = Float64Array.from(rows, (i) =>
  share(i, 104_729, 997) < [0.1, 0.5, 0.4][labels[i]!]! ? 20 * (0.5 + share(i, 7_919, 1_009)) : 0,
)
const ordered = Int32Array.from(earned, (value) => (value > 0 ? 1 : 0))
const heldOut = Int32Array.from(rows, (i) => ((i * 48_271) % 101 < 20 ? 1 : 0))

describe('where the money goes', () => {
  it('has the shares of NumPy, and the errors of a bootstrap of SciPy 1.17.1 with 20,000 resamples to 2 %', () => {
    const found = reallocate({ segments, contactCost, earned, ordered })!
    const expected = [
      [201.37363726461842, 0.716308781380329, 0.1024390243902439, 0.09594143933017432, 0.022583802919096244],
      [40.00931615460853, 0.14231765829857893, 0.4975609756097561, 0.49863929385608663, 0.032571936487332157],
      [39.74390485629337, 0.14137356032109205, 0.4, 0.4054192668137391, 0.031851366458203696],
    ] as const
    for (const [segment, [cost, costShare, orderedShare, earnedShare, standardError]] of expected.entries()) {
      const one = found[segment]!
      expect(one).toMatchObject({ segment, customers: 200 })
      expect(one.contactCost).toBeCloseTo(cost, 9)
      expect(one.costShare).toBeCloseTo(costShare, 12)
      expect(one.orderedShare).toBeCloseTo(orderedShare, 12)
      expect(one.earnedShare).toBeCloseTo(earnedShare, 12)
      expect(one.gap).toBeCloseTo(earnedShare - costShare, 12)
      // Bonferroni for three segments: the 0.99167 quantile of the normal distribution.
      const half = (one.interval.upper - one.interval.lower) / 2
      expect(Math.abs(half / 2.3939797998 / standardError - 1)).toBeLessThan(0.02)
    }
    expect(found.reduce((sum, { shift }) => sum + shift!, 0)).toBeCloseTo(0, 12)
    expect(found[0]!.shift).toBeCloseTo(found[0]!.gap, 12)
  })

  it('proposes nothing for what is not known: segments that earn what they cost, and money with nowhere to come from', () => {
    const fair = reallocate({
      segments,
      contactCost: new Float64Array(COUNT).fill(1),
      earned: contactCost.map(() => 2),
      ordered,
    })!
    expect(fair.map(({ gap, shift }) => [Math.abs(gap) < 1e-12, shift])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ])
    // Only one segment surely earns more than its share; of the other two nobody can tell which earns less.
    const noisy = Float64Array.from(rows, (i) => (labels[i] === 2 ? 3 : i % 40 === 0 ? 40 : 0))
    const one = reallocate({ segments, contactCost: new Float64Array(COUNT).fill(1), earned: noisy, ordered })!
    expect(
      one
        .map(({ shift }) => shift)
        .filter((shift) => shift !== null)
        .reduce((sum, shift) => sum + shift, 0),
    ).toBeCloseTo(0, 12)
  })

  it('leaves out segments of fewer than five customers, who could be told from the rest', () => {
    const small = labels.map((label, i) => (i < 4 ? 3 : label))
    const found = reallocate({ segments: { labels: small, groupCount: 4 }, contactCost, earned, ordered })!
    expect(found.map(({ segment }) => segment)).toEqual([0, 1, 2])
    expect(found.reduce((sum, { costShare }) => sum + costShare, 0)).toBeCloseTo(1, 12)
  })

  it('says nothing where nothing was spent, or nothing was earned', () => {
    const nothing = new Float64Array(COUNT)
    expect(reallocate({ segments, contactCost: nothing, earned, ordered })).toBeNull()
    expect(reallocate({ segments, contactCost, earned: nothing, ordered })).toBeNull()
    expect(
      reallocate({ segments: { labels: new Int32Array(COUNT), groupCount: 1 }, contactCost, earned, ordered }),
    ).toBeNull()
  })
})

describe('what the programme brought', () => {
  it('is Welch of SciPy 1.17.1 for money and Newcombe of statsmodels 0.15.0 for shares, of all and by segment', () => {
    const found = programmeLift({ segments, heldOut, spend: earned, ordered })!
    const expected = [
      [
        null,
        118,
        482,
        -0.9323462771340374,
        -2.973983299431244,
        1.109290745163169,
        -0.1481868196730855,
        0.043807493999630145,
      ],
      [
        0, 40, 160, -1.4648166501486621, -3.8889788853194114, 0.9593455850220869, -0.236099326886244,
        0.015363795335807062,
      ],
      [
        1, 39, 161, -0.5458123267404957, -4.2517571294757195, 3.160132475994728, -0.20002156571221674,
        0.13538508711317074,
      ],
      [
        2, 39, 161, -0.9289416433812505, -4.887856834770149, 3.029973548007648, -0.2027767307642504,
        0.13019426330501557,
      ],
    ] as const
    expect(found.map(({ segment, heldOut: held, others }) => [segment, held, others])).toEqual(
      expected.map(([segment, held, others]) => [segment, held, others]),
    )
    for (const [at, [, , , difference, lower, upper, sharesLower, sharesUpper]] of expected.entries()) {
      const { spend, ordered: shares } = found[at]!
      expect(spend.difference).toBeCloseTo(difference, 9)
      expect(spend.interval.lower).toBeCloseTo(lower, 6)
      expect(spend.interval.upper).toBeCloseTo(upper, 6)
      expect(shares.interval.lower).toBeCloseTo(sharesLower, 9)
      expect(shares.interval.upper).toBeCloseTo(sharesUpper, 9)
    }
  })

  it('is not known where nobody was held out, and left out of segments with fewer than five on a side', () => {
    expect(programmeLift({ segments, heldOut: new Int32Array(COUNT), spend: earned, ordered })).toBeNull()
    const few = heldOut.map((held, i) => (labels[i] === 1 && i > 60 ? 0 : held))
    const found = programmeLift({ segments, heldOut: few, spend: earned, ordered })!
    expect(found.map(({ segment }) => segment)).toEqual([null, 0, 2])
  })
})
