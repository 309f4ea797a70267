import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConstantFeatures } from '../../../../src/errors/constant-features.ts'
import type { ReadableColumns } from '../../../../src/stages/cluster/readable-columns.ts'
import { tiersConfig, tiersOf } from '../../../../src/stages/cluster/tiers/config.ts'
import type { TiersConfig } from '../../../../src/stages/cluster/tiers/config.ts'
import { describeTiers } from '../../../../src/stages/cluster/tiers/describe-tiers.ts'
import { findTierProblems } from '../../../../src/stages/cluster/tiers/find-tier-problems.ts'
import { fitTiers } from '../../../../src/stages/cluster/tiers/fit-tiers.ts'
import type { TierParameters } from '../../../../src/stages/cluster/tiers/fit-tiers.ts'
import { placeInTiers } from '../../../../src/stages/cluster/tiers/place-in-tiers.ts'

const config = (settings: object): TiersConfig =>
  tiersConfig.parse({ method: 'tiers', feature: 'monetary', ...settings })

function fit(values: readonly number[], settings: object, live: TierParameters | null = null): TierParameters {
  const known = values.filter((value) => !Number.isNaN(value))
  const distinct = [...new Set(known)].sort((a, b) => a - b)
  const counts = {
    values: Float64Array.from(distinct),
    customers: Int32Array.from(distinct, (value) => known.filter((one) => one === value).length),
  }
  return fitTiers(config(settings), counts, values.length - known.length, live)
}

const place = (values: readonly number[], parameters: TierParameters) =>
  placeInTiers(Float64Array.from(values), parameters)

/** Keys of the tiers that the values are in. */
function keysOf(values: readonly number[], parameters: TierParameters): readonly string[] {
  const named = [...parameters.tiers, parameters.nonPositive, parameters.unknown].filter((tier) => tier !== null)
  return [...place(values, parameters).cluster].map((cluster) => named[cluster]!.key)
}

describe('tiers', () => {
  it('by shares of the total are by hand the best customers until they make the share', () => {
    // Total 100; running from the top 50, 80, 90, 95, 98, 100.
    const values = [50, 30, 10, 5, 3, 2]
    expect(keysOf(values, fit(values, { by: 'abc' }))).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect(keysOf(values, fit(values, { by: 'pareto' }))).toEqual([
      'vital_few',
      'vital_few',
      ...Array(4).fill('useful_many'),
    ])
    // 80.1 needs the third customer too.
    const more = fit(values, { by: { ofTotal: [0.801, 0.199] } })
    expect(keysOf(values, more)).toEqual(['tier_1', 'tier_1', 'tier_1', 'tier_2', 'tier_2', 'tier_2'])
    expect(more).toMatchObject({ cuts: [10], side: 'atLeast', cutsFrom: 'fitted' })
  })

  it('never split customers of equal value', () => {
    // Half of the total of 40 is reached with the third of four tens: all four are in the first tier.
    expect(keysOf([10, 10, 10, 10, 0], fit([10, 10, 10, 10, 0], { by: { ofTotal: [0.5, 0.5] } }))).toEqual([
      'tier_1',
      'tier_1',
      'tier_1',
      'tier_1',
      'tier_2',
    ])
    const values = fc.array(fc.integer({ min: -3, max: 8 }), { minLength: 2, maxLength: 40 })
    const by = fc.constantFrom(
      'deciles',
      'quartiles',
      'abc',
      'pareto',
      { ofCustomers: [0.1, 0.9] },
      { bounds: [0, 3, 5] },
    )
    fc.assert(
      fc.property(values, by, fc.constantFrom('lowest', 'apart'), (all, cut, nonPositive) => {
        fc.pre(new Set(all.filter((value) => value > 0)).size > 1)
        const { cluster } = place(all, fit(all, { by: cut, nonPositive }))
        all.forEach((value, i) => expect(cluster[i]).toBe(cluster[all.indexOf(value)]))
        // And more is never worse.
        all.forEach((value, i) =>
          all.forEach((other, j) => value > other && expect(cluster[i]! <= cluster[j]!).toBe(true)),
        )
      }),
    )
  })

  it('by quantiles have as many customers each, a value on a cut below it', () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1)
    const parameters = fit(values, { by: 'quartiles' })
    // Type 7 of 1 … 20: 5.75, 10.5, 15.25.
    expect(parameters).toMatchObject({ cuts: [5.75, 10.5, 15.25], side: 'above' })
    expect(keysOf([1, 5.75, 6, 15.25, 20], parameters)).toEqual([
      'quartile_4',
      'quartile_4',
      'quartile_3',
      'quartile_2',
      'quartile_1',
    ])
    expect(tiersOf(config({ by: 'quartiles' })).map(({ name }) => name)).toEqual([
      'Quartile 1 (highest)',
      'Quartile 2',
      'Quartile 3',
      'Quartile 4 (lowest)',
    ])
  })

  it('by shares of the customers are cut from the top', () => {
    const values = Array.from({ length: 101 }, (_, index) => index)
    expect(fit(values, { by: { ofCustomers: [0.01, 0.04, 0.15, 0.8] } }).cuts).toEqual([80, 95, 99])
  })

  it('by bounds begin at the bound', () => {
    const parameters = fit([5], {
      by: { bounds: [100, 1000] },
      tiers: ['Gold', 'Silver', { name: 'Bronze', key: 'base' }],
    })
    expect(keysOf([99.99, 100, 999, 1000], parameters)).toEqual(['base', 'silver', 'silver', 'gold'])
    expect(parameters.cutsFrom).toBe('fixed')
  })

  it('have a place for nothing, for less, and for what is not known', () => {
    const values = [100, 50, 0, -20, NaN]
    expect(keysOf(values, fit(values, { by: 'abc' }))).toEqual(['a', 'a', 'c', 'c', 'value_unknown'])
    expect(keysOf(values, fit(values, { by: 'abc', nonPositive: 'apart', missing: 'lowest' }))).toEqual([
      'a',
      'a',
      'no_value',
      'no_value',
      'c',
    ])
    // Apart, the quantiles are those of 50 and 100 alone.
    expect(fit(values, { by: { quantiles: 2 }, nonPositive: 'apart' }).cuts).toEqual([75])
    expect(fit(values, { by: { quantiles: 2 } }).cuts).toEqual([25])
  })

  it('open no tier for kinds of customers that fitting did not see: these are outliers of the lowest', () => {
    const parameters = fit([100, 50, 20], { by: 'abc', nonPositive: 'apart' })
    const { cluster, isOutlier } = place([100, 0, NaN], parameters)
    expect([[...cluster], [...isOutlier]]).toEqual([
      [0, 2, 2],
      [0, 1, 1],
    ])
  })

  it('keep published cuts when they are anchored and mean the same', () => {
    const live = fit([1, 2, 3, 4], { by: { quantiles: 2 } })
    expect(fit([10, 20, 30, 40], { by: { quantiles: 2 }, cuts: 'anchored' }, live)).toMatchObject({
      cuts: [2.5],
      cutsFrom: 'anchored',
    })
    expect(fit([10, 20, 30, 40], { by: { quantiles: 2 } }, live)).toMatchObject({ cuts: [25], cutsFrom: 'fitted' })
    const tiersOfTotal = { by: { ofTotal: [0.5, 0.5] }, cuts: 'anchored' }
    // Of 100 the 40 are not half, 40 and 30 are.
    expect(fit([10, 20, 30, 40], tiersOfTotal, live)).toMatchObject({ cuts: [30], cutsFrom: 'fitted' })
    expect(fit([10, 20, 30, 40], { by: { quantiles: 2 }, cuts: 'anchored', feature: 'profit' }, live).cutsFrom).toBe(
      'fitted',
    )
  })

  it('say how far from the cut, which tier is next, and where among all', () => {
    // Running from the top 50, 80, 90, 95, 98, 100: cuts at 5 and 30.
    const values = [50, 30, 10, 5, 3, 2]
    const { margin, next, percentile, totalShare } = place([50, 11, 27, 2, 40], fit(values, { by: 'abc' }))
    expect([...margin]).toEqual([20, 6, 22, -3, 10])
    expect([...next]).toEqual([1, 2, 0, 1, 1])
    expect([percentile[0], percentile[3]]).toEqual([1, 1 / 6])
    expect([totalShare[0], totalShare[3]]).toEqual([0.5, 1])
    // 40 is half way from 30 to 50.
    expect(percentile[4]).toBeCloseTo((5 / 6 + 1) / 2, 12)
    expect(totalShare[4]).toBeCloseTo(0.65, 12)
  })

  it('cannot be cut where nobody differs, or nothing is above 0', () => {
    expect(() => fit([5, 5, 5], { by: 'deciles' })).toThrow(ConstantFeatures)
    expect(() => fit([NaN, NaN], { by: 'deciles' })).toThrow('No customer has a value of monetary')
    expect(() => fit([0, -1], { by: 'abc' })).toThrow('No customer has a monetary above 0')
    expect(keysOf([5, 5], fit([5, 5], { by: { bounds: [3] } }))).toEqual(['tier_1', 'tier_1'])
  })

  it('are told to people', () => {
    const values = [50, 30, 10, 5, 3, 2, 0, NaN]
    expect(describeTiers(fit(values, { by: 'abc', nonPositive: 'apart' }), 'money')).toEqual([
      'monetary at least 30',
      'monetary at least 5 and below 30',
      'monetary above 0 and below 5',
      'monetary 0 or less',
      'monetary missing',
    ])
    expect(describeTiers(fit([1, 1, 1, 1, 9], { by: 'quartiles', missing: 'lowest' }), 'days')).toEqual([
      'monetary above 1 day',
      'nobody: two cuts of monetary are 1 day',
      'nobody: two cuts of monetary are 1 day',
      'monetary at most 1 day, or missing',
    ])
  })

  const columns: ReadableColumns = {
    monetary: { type: 'number', unit: 'money' },
    country: { type: 'text', unit: 'text' },
  }
  it.each([
    [{ feature: 'country' }, 'feature', '"country", which is a text'],
    [{ feature: 'montary' }, 'feature', '"montary"'],
    [{ by: { ofTotal: [0.8, 0.3] } }, 'by.ofTotal', 'shares that are 1.1 together'],
    [{ by: { bounds: [1, 3, 2] } }, 'by.bounds.2', '2 after 3'],
    [{ by: 'abc', tiers: ['Gold', 'Silver'] }, 'tiers', '2 names'],
    [{ by: 'pareto', tiers: ['Gold', 'gold!'] }, 'tiers.1', 'the key gold, again'],
    [{ by: 'pareto', tiers: ['Gold', 'No value'] }, 'tiers.1', 'the name "No value", again'],
  ])('refuse settings that do not fit: %j', (settings, path, came) => {
    expect(findTierProblems(config(settings), columns).map((one) => [one.path.join('.'), one.came])).toEqual([
      [path, came],
    ])
  })
})
