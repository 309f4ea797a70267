import { describe, expect, it } from 'vitest'
import { ConstantFeatures } from '../../../../src/errors/constant-features.ts'
import { rfmConfig } from '../../../../src/stages/cluster/rfm/config.ts'
import type { RfmConfig, RfmDimension } from '../../../../src/stages/cluster/rfm/config.ts'
import { describeGroup } from '../../../../src/stages/cluster/rfm/describe-groups.ts'
import { findRfmProblems } from '../../../../src/stages/cluster/rfm/find-rfm-problems.ts'
import { dimensionsToFit, fitCuts } from '../../../../src/stages/cluster/rfm/fit-cuts.ts'
import { findGroupProblems, groupOfCells, usualGroups } from '../../../../src/stages/cluster/rfm/groups.ts'
import { placeScores } from '../../../../src/stages/cluster/rfm/place-scores.ts'
import type { RfmParameters } from '../../../../src/stages/cluster/rfm/place-scores.ts'
import type { ReadableColumns } from '../../../../src/stages/cluster/readable-columns.ts'
import type { ValueCounts } from '../../../../src/stages/cluster/value-counts.ts'

const columns: ReadableColumns = {
  recency: { type: 'number', unit: 'days' },
  frequency: { type: 'number', unit: 'count' },
  monetary: { type: 'number', unit: 'money' },
  country: { type: 'text', unit: 'text' },
}

const config = (settings: object = {}): RfmConfig => rfmConfig.parse({ method: 'rfm', ...settings })

function counted(values: readonly number[]): ValueCounts {
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  return {
    values: Float64Array.from(distinct),
    customers: Int32Array.from(distinct, (value) => values.filter((one) => one === value).length),
  }
}

type Customers = Readonly<Record<RfmDimension, readonly number[]>>

function fit(
  customers: Customers,
  settings: object = {},
  live: RfmParameters | null = null,
  unscored = 0,
): RfmParameters {
  const counts = dimensionsToFit(config(settings), live).map((name) => [name, counted(customers[name])] as const)
  return fitCuts(config(settings), Object.fromEntries(counts), live, unscored)
}

const place = (customers: Customers, parameters: RfmParameters) =>
  placeScores(
    {
      recency: Float64Array.from(customers.recency),
      frequency: Float64Array.from(customers.frequency),
      monetary: Float64Array.from(customers.monetary),
    },
    parameters,
  )

// Ten customers by hand. Quintiles of type 7 lie at positions 1.8, 3.6, 5.4, 7.2 of the sorted ten.
const ten: Customers = {
  recency: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  frequency: [9, 1, 1, 1, 1, 2, 2, 3, 5, 1],
  monetary: [900, 10, 20, 30, 40, 50, 60, 70, 500, 5],
}

describe('cut points', () => {
  it('are quantiles of type 7 over all customers', () => {
    const { dimensions } = fit(ten)
    expect(dimensions.recency.cuts.map((cut) => Number(cut.toFixed(9)))).toEqual([2.8, 4.6, 6.4, 8.2])
    // Sorted 1 1 1 1 1 2 2 3 5 9.
    expect(dimensions.frequency.cuts.map((cut) => Number(cut.toFixed(9)))).toEqual([1, 1, 2, 3.4])
    // Sorted 5 10 20 30 40 50 60 70 500 900.
    expect(dimensions.monetary.cuts.map((cut) => Number(cut.toFixed(9)))).toEqual([18, 36, 54, 156])
  })

  it('stay those of what is published when they are anchored, and are fitted where there is none alike', () => {
    const live = fit(ten)
    const doubled = { ...ten, monetary: ten.monetary.map((value) => value * 2) }
    const anchored = fit(doubled, { cuts: 'anchored' }, live)
    expect(anchored.dimensions.monetary).toMatchObject({ cuts: live.dimensions.monetary.cuts, cutsFrom: 'anchored' })
    expect(fit(doubled, { cuts: 'refit' }, live).dimensions.monetary.cutsFrom).toBe('quantiles')
    expect(fit(doubled, { cuts: 'anchored' }, null).dimensions.monetary.cutsFrom).toBe('quantiles')
    expect(fit(doubled, { cuts: 'anchored', scores: 4 }, live).dimensions.monetary.cutsFrom).toBe('quantiles')
    const other = { cuts: 'anchored', monetary: 'profit' }
    expect(fit(doubled, other, live).dimensions).toMatchObject({
      monetary: { cutsFrom: 'quantiles' },
      recency: { cutsFrom: 'anchored' },
    })
  })

  it('are those of the pipeline where it fixes them', () => {
    const settings = { recency: { cuts: [30, 90, 180, 365], weight: 2 } }
    expect(fit(ten, settings).dimensions.recency).toEqual({
      feature: 'recency',
      weight: 2,
      cuts: [30, 90, 180, 365],
      cutsFrom: 'fixed',
    })
  })

  it('cannot be made of customers who are all the same, or of no value at all', () => {
    const same = { recency: [1, 1, 1], frequency: [2, 2, 2], monetary: [3, 3, 3] }
    expect(() => fit(same)).toThrow(ConstantFeatures)
    expect(() => fit({ ...ten, monetary: [] })).toThrow('No customer has all of recency, frequency, monetary')
    expect(() => fit({ ...ten, monetary: [] }, { missing: 'lowest' })).toThrow('No customer has a value of monetary')
  })
})

describe('scores', () => {
  it('are by hand those of ten customers', () => {
    const { scores, combined, cluster } = place(ten, fit(ten))
    expect([...scores.recency]).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1])
    // 1 exceeds no cut of 1, 1, 2, 3.4; 2 exceeds two; 3 three; 5 and 9 four.
    expect([...scores.frequency]).toEqual([5, 1, 1, 1, 1, 3, 3, 4, 5, 1])
    expect([...scores.monetary]).toEqual([5, 1, 2, 2, 3, 3, 4, 4, 5, 1])
    expect(combined[2]).toBeCloseTo(7 / 3, 12)
    // FM by hand, halves up: 5 1 2 2 2 3 4 4 5 1.
    const names = [...cluster].map((index) => usualGroups(5)[index]!.key)
    expect(names).toEqual([
      'champions',
      'new',
      'potential_loyalists',
      'potential_loyalists',
      'about_to_sleep',
      'need_attention',
      'at_risk',
      'at_risk',
      'cannot_lose',
      'lost',
    ])
  })

  it('are equal for equal values, however many customers have them', () => {
    const many = { recency: [1, 2, 3, 4], frequency: [1, 1, 1, 7], monetary: [5, 5, 5, 5] }
    const { scores } = place(many, fit(many))
    expect([...scores.frequency]).toEqual([1, 1, 1, 5])
    expect([...scores.monetary]).toEqual([1, 1, 1, 1])
  })

  it('place new customers by the same cuts, on a cut below it', () => {
    const parameters = fit(ten, { recency: { cuts: [30, 90, 180, 365] } })
    const customers = { recency: [30, 30.01, 365, 366], frequency: [1, 1, 1, 1], monetary: [0, -5, 1e9, 5] }
    const { scores } = place(customers, parameters)
    expect([...scores.recency]).toEqual([5, 4, 2, 1])
    expect([...scores.monetary]).toEqual([1, 1, 5, 1])
  })

  it('are weighted, together and in the group', () => {
    const settings = { frequency: { weight: 3 }, monetary: { weight: 1 }, recency: { weight: 0 } }
    const { combined, cluster, scores } = place(ten, fit(ten, settings))
    // Customer 6: recency 3, frequency 3, monetary 3. Customer 9: 1, 5, 5. Customer 3: 4, 1, 2.
    expect([combined[5], combined[8], combined[2]]).toEqual([3, 5, 1.25])
    expect([scores.recency[2], usualGroups(5)[cluster[2]!]!.key]).toEqual([4, 'promising'])
  })

  it('put those without a value apart, or lowest', () => {
    const never: Customers = { recency: [NaN, 1], frequency: [0, 1], monetary: [0, 900] }
    const apart = place(never, fit(ten, {}, null, 1))
    expect([apart.cluster[0], apart.combined[0], apart.isOutlier[0]]).toEqual([11, NaN, 0])
    const lowest = place(never, fit(ten, { missing: 'lowest' }, null, 1))
    expect([usualGroups(5)[lowest.cluster[0]!]!.key, lowest.scores.recency[0], lowest.isOutlier[0]]).toEqual([
      'lost',
      1,
      0,
    ])
    // Apart, but nobody was when it was fitted: no segment appears by placing.
    const unseen = place(never, fit(ten))
    expect([usualGroups(5)[unseen.cluster[0]!]!.key, unseen.isOutlier[0]]).toEqual(['lost', 1])
  })
})

describe('groups', () => {
  it.each([2, 3, 4, 5, 6, 7, 10, 20])('share out all cells of %i scores, each in exactly one', (scores) => {
    const groups = usualGroups(scores)
    expect(findGroupProblems(groups, scores)).toEqual([])
    expect(groupOfCells(groups, scores)).not.toContain(-1)
  })

  it('are the usual eleven of five scores', () => {
    expect(usualGroups(5).map(({ name, cells }) => [name, ...cells])).toEqual([
      ['Champions', 'R5 FM4-5'],
      ['Loyal', 'R3-4 FM4-5'],
      ['Potential loyalists', 'R4-5 FM2-3'],
      ['New', 'R5 FM1'],
      ['Promising', 'R4 FM1'],
      ['Need attention', 'R3 FM3'],
      ['About to sleep', 'R3 FM1-2'],
      ['At risk', 'R1-2 FM3-4'],
      ["Can't lose them", 'R1-2 FM5'],
      ['Hibernating', 'R2 FM1-2'],
      ['Lost', 'R1 FM1-2'],
    ])
  })

  it('are told with the days behind the score', () => {
    const parameters = fit(ten)
    const words = parameters.groups.map((group) => describeGroup(group, parameters, 'days'))
    expect(words[0]).toBe('recency at most 2.8 days (score 5), frequency and monetary score 4 to 5')
    expect(words[1]).toBe(
      'recency above 2.8 days and at most 6.4 days (score 3 to 4), frequency and monetary score 4 to 5',
    )
    expect(words[10]).toBe('recency above 8.2 days (score 1), frequency and monetary score 1 to 2')
  })

  const problems = (settings: object): readonly (readonly [string, string])[] =>
    findRfmProblems(config(settings), columns).map(({ path, came }) => [path.join('.'), came] as const)

  it('are refused with a cell in two groups or in none', () => {
    const groups = [
      { name: 'Good', cells: ['R2 FM1-2'] },
      { name: 'Bad', cells: ['R1-2 FM1'] },
    ]
    expect(problems({ scores: 2, groups })).toEqual([
      ['groups.1.cells', 'R2 FM1, which Good has'],
      ['groups', 'no group for R1 FM2'],
    ])
  })

  it('are refused with cells outside of the scores, and with a name or key twice', () => {
    const groups = [
      { name: 'Good', cells: ['R2-3 FM1-2'] },
      { name: 'Bad', key: 'good', cells: ['R2-1 FM1'] },
    ]
    expect(problems({ scores: 2, groups })).toEqual([
      ['groups.0.cells.0', 'R2-3 FM1-2'],
      ['groups.1.cells.0', 'R2-1 FM1'],
      ['groups.1', 'the key good, again'],
    ])
  })

  it('need features that are numbers, cuts that fit and rise, and a weight', () => {
    expect(
      problems({
        recency: { cuts: [1, 2, 3], weight: 0 },
        frequency: { cuts: [1, 5, 5, 9], weight: 0 },
        monetary: { feature: 'country', weight: 0 },
      }),
    ).toEqual([
      ['monetary.feature', '"country", which is a text'],
      ['recency.cuts', '3 cuts'],
      ['frequency.cuts.2', '5 after 5'],
      ['recency.weight', 'weights that are all 0'],
    ])
    expect(problems({ monetary: 'montary' })).toEqual([['monetary', '"montary"']])
  })
})
