import { describe, expect, it } from 'vitest'
import { describeReport } from '../../../src/report/segmentation/describe-report.ts'
import { layOutReport } from '../../../src/report/segmentation/lay-out-report.ts'
import { proposeRefinements as propose } from '../../../src/report/segmentation/propose-refinements.ts'
import { MERGED_BELOW } from '../../../src/report/segmentation/refinements/merges.ts'
import type { Proposal, SplitProposal } from '../../../src/report/segmentation/refinements/proposal.ts'
import { SPLIT_LEVEL } from '../../../src/report/segmentation/refinements/splits.ts'
import { changeFor } from '../../../src/report/segmentation/proposed-change.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import { measureBorder } from '../../../src/stats/measure-border.ts'
import { measureHalves, measurePeaks } from '../../../src/stats/measure-halves.ts'
import { blob, noise, plantedGroups } from '../../stats/planted-rows.ts'
import { reportedShop } from './reported-shop.ts'

type Numbers = Readonly<Record<string, Float64Array>>
const proposeRefinements = (
  values: Float64Array,
  featureNames: readonly string[],
  keys: readonly string[],
  numbers: Numbers,
) => propose(values, { names: featureNames, numbers }, keys)

const names = ['spent', 'orders', 'recency']
const key = (group: number): string => `shop-${group + 1}`

/** `shift` standard deviations further in the first column for every row of group 1, 2, …. */
function shifted(values: Float64Array, dimensions: number, groups: Int32Array, shift: number): Float64Array {
  return values.map((value, i) => value + (i % dimensions === 0 ? shift * groups[Math.floor(i / dimensions)]! : 0))
}

/** Rows on either side of a value of the first column. */
const sidesAt = (values: Float64Array, dimensions: number, cut: number): Int32Array =>
  Int32Array.from({ length: values.length / dimensions }, (_, row) => (values[row * dimensions]! < cut ? 0 : 1))

/** Rows of the groups one by one. */
const taken = (values: Float64Array, dimensions: number, sides: Int32Array, side: number): Float64Array =>
  values.filter((_, i) => sides[Math.floor(i / dimensions)] === side)

describe('proposeRefinements', () => {
  it('splits a segment that holds two planted groups, and says what tells them apart, and where', () => {
    const { values, groups } = plantedGroups(1_500, 3, 3, 1)
    // Groups 0 and 1 lie at 8.5 and −8.5 of the first column; what was spent is told as 100 + 10 of it: 185 and 15, midway 100.
    const numbers = { spent: Float64Array.from(groups, (_, row) => 100 + 10 * values[row * 3]!) }
    const keys = Array.from(groups, (group) => (group < 2 ? 'joined' : 'other'))
    const { proposals, segments, borders } = proposeRefinements(values, names, keys, numbers)
    expect({ segments, borders }).toEqual({ segments: 2, borders: 1 })
    expect(proposals).toMatchObject([
      { kind: 'split', segmentKey: 'joined', customers: 1_000, smaller: 0.5, p: 0, feature: 'spent' },
    ])
    expect(Math.abs((proposals[0] as SplitProposal).border! - 100)).toBeLessThan(3)
    // η² of two groups 17 apart, of deviation 1: 8.5² ÷ (8.5² + 1).
    expect(proposals[0]!.explained).toBeCloseTo(72.25 / 73.25, 2)
  })
  it('merges the halves of one normal group', () => {
    const values = blob(2_000, 3, 5)
    const { proposals } = proposeRefinements(values, names, Array.from(sidesAt(values, 3, 0), key), {})
    expect(proposals).toMatchObject([
      { kind: 'merge', segmentKeys: ['shop-1', 'shop-2'], customers: 2_000, feature: 'spent' },
    ])
  })
  it('still merges two neighbours where the third, nearer to one of them, is to be split', () => {
    // Thirds of one normal group in the first column; the left one is two groups in the second.
    const raw = blob(6_000, 2, 1)
    const keys = Array.from({ length: 6_000 }, (_, row) =>
      raw[2 * row]! < -0.43 ? 'left' : raw[2 * row]! < 0.43 ? 'middle' : 'right',
    )
    const values = raw.map((value, i) => {
      const row = Math.floor(i / 2)
      if (i % 2 === 0) return value
      return keys[row] === 'left' ? 0.5 * value + (row % 2 === 0 ? -2.2 : 2.2) : 1.6 * value
    })
    const { proposals } = proposeRefinements(values, ['spent', 'orders'], keys, {})
    expect(proposals).toMatchObject([
      { kind: 'split', segmentKey: 'left' },
      { kind: 'merge', segmentKeys: ['middle', 'right'] },
    ])
  })
  it('leaves groups alone that lie clearly apart, and halves of two that are four deviations apart', () => {
    const { values, groups } = plantedGroups(2_000, 3, 4, 2)
    expect(proposeRefinements(values, names, Array.from(groups, key), {}).proposals).toEqual([])
    const two = Int32Array.from({ length: 2_000 }, (_, row) => row % 2)
    const near = shifted(blob(2_000, 3, 6), 3, two, 4)
    expect(proposeRefinements(near, names, Array.from(sidesAt(near, 3, 2), key), {}).proposals).toEqual([])
  })
  it('does not make one of a core and a ring around it, though they have the same mean', () => {
    const values = blob(2_000, 2, 7).map((value, i) => (Math.floor(i / 2) % 2 === 0 ? value : 4 * value))
    const keys = Array.from({ length: 2_000 }, (_, row) => key(row % 2))
    expect(proposeRefinements(values, ['a', 'b'], keys, {})).toMatchObject({ borders: 1, proposals: [] })
  })
  it('takes whole numbers for no groups', () => {
    // One to six orders, as dice fall.
    const values = noise(2_000, 1, 11).map((value) => Math.ceil(6 * value))
    const keys = Array.from(values, () => 'all')
    expect(proposeRefinements(values, ['orders'], keys, {})).toEqual({ segments: 0, borders: 0, proposals: [] })
  })
  it('says nothing of segments with few customers', () => {
    const { values, groups } = plantedGroups(190, 3, 2, 3)
    const keys = Array.from(groups, () => 'joined')
    expect(proposeRefinements(values, names, keys, {})).toEqual({ segments: 0, borders: 0, proposals: [] })
  })
  it('does not depend on the order of the segments, and is the same each time', () => {
    const { values, groups } = plantedGroups(1_200, 3, 3, 4)
    const keys = Array.from(groups, (group) => (group < 2 ? 'joined' : 'other'))
    const first = proposeRefinements(values, names, keys, {})
    expect(proposeRefinements(values, names, keys, {})).toEqual(first)
    const renamed = keys.map((one) => (one === 'joined' ? 'z' : 'a'))
    expect(proposeRefinements(values, names, renamed, {}).proposals).toMatchObject([{ segmentKey: 'z' }])
  })
})

describe('the level of a split', () => {
  const DRAWS = 200
  const falseSplits = (draw: (seed: number) => Float64Array, dimensions: number): number =>
    Array.from({ length: DRAWS }, (_, seed) => draw(seed + 1)).filter((values) => {
      const features = Array.from({ length: dimensions }, (_, i) => `f${i}`)
      const keys = Array.from({ length: values.length / dimensions }, () => 'all')
      return proposeRefinements(values, features, keys, {}).proposals.length > 0
    }).length
  it.each([1, 3])('is kept over 200 single normal groups of %i features', (dimensions) => {
    expect(falseSplits((seed) => blob(300, dimensions, seed), dimensions) / DRAWS).toBeLessThanOrEqual(SPLIT_LEVEL)
  })
  it('is kept where it is hardest: rows spread evenly on a line', () => {
    // Expected 2; more than 6 with a chance of 0.4 % (binomial).
    expect(falseSplits((seed) => noise(300, 1, seed), 1)).toBeLessThanOrEqual(6)
  })
})

describe('measureBorder', () => {
  it('tells halves of a normal group 2 √(2 ÷ π) ÷ √(1 − 2 ÷ π) = 2.65 deviations apart', () => {
    const values = blob(20_000, 1, 8)
    const sides = sidesAt(values, 1, 0)
    const { distance, p } = measureBorder(taken(values, 1, sides, 0), taken(values, 1, sides, 1), 1)
    expect(Math.abs(distance - 2.647)).toBeLessThan(0.04)
    expect(p).toBeGreaterThan(0.1)
  })
  it('tells halves of two groups that just have one peak as far apart as merges are proposed below', () => {
    const two = Int32Array.from({ length: 20_000 }, (_, row) => row % 2)
    const values = shifted(blob(20_000, 1, 9), 1, two, 2)
    const sides = sidesAt(values, 1, 1)
    const { distance } = measureBorder(taken(values, 1, sides, 0), taken(values, 1, sides, 1), 1)
    expect(Math.abs(distance - MERGED_BELOW)).toBeLessThan(0.04)
  })
})

describe('measureHalves', () => {
  it('finds the two planted groups again, and their silhouette', () => {
    const { values, groups } = plantedGroups(400, 2, 2, 10)
    const { sides, silhouette } = measureHalves(values, 2)
    expect([...sides].every((side, row) => (side === sides[0]) === (groups[row] === groups[0]))).toBe(true)
    // Rows of a round group of two columns lie √π apart on average, of the other one about 17: 1 − 1.77 ÷ 17.
    expect(silhouette).toBeCloseTo(0.896, 2)
    expect(measurePeaks(values, 2)).toMatchObject({ p: 0, distinct: 1 })
  })
})

describe('the change of a proposal', () => {
  const split: Proposal = {
    ...{ kind: 'split', segmentKey: 'shop-1', customers: 640, smaller: 0.25, dip: 0.06, p: 0, silhouette: 0.6 },
    ...{ feature: 'monetary', explained: 0.8, border: 120 },
  }
  const merge: Proposal = {
    ...{ kind: 'merge', segmentKeys: ['shop-1', 'shop-2'], customers: 640, dip: 0.01, p: 0.9, distance: 2.6 },
    ...{ feature: 'monetary', explained: 0.6 },
  }
  const nameOf = (segmentKey: string): string => segmentKey.toUpperCase()
  it.each([
    ['kmeans', 4, split, 'cluster: { count: 5 }'],
    ['mixture', 4, merge, 'cluster: { count: 3 }'],
    ['kmeans', 2, merge, null],
    ['rules', 4, split, 'cluster.rules: one more rule'],
    ['tiers', 4, split, null],
    ['hierarchy', 4, merge, null],
  ] as const)('by %s of %i segments', (method, segmentCount, proposal, change) => {
    expect(changeFor(proposal, { name: 'shop', method, segmentCount, nameOf }).change).toBe(change)
  })
  it('says that a count changes the whole, and where a rule would lie', () => {
    expect(changeFor(split, { name: 'shop', method: 'kmeans', segmentCount: 4, nameOf }).remark).toContain(
      'fitted again',
    )
    expect(changeFor(split, { name: 'shop', method: 'rules', segmentCount: 4, nameOf }).remark).toBe(
      'Before the rule of “SHOP-1”: its condition, and monetary above or below about 120.',
    )
  })
})

describe('the chapter of proposals', () => {
  const markdown = (run = reportedShop): string => renderReportMarkdown(layOutReport(run))
  it('tells each proposal with its evidence and its change', () => {
    expect(markdown()).toMatch(
      /Split “Champions”.*dip 0\.061, p below 0\.001; silhouette 0\.58.*cluster: \{ count: 3 \}/,
    )
    expect(describeReport(reportedShop).refinements.proposals).toMatchObject([{ change: 'cluster: { count: 3 }' }])
  })
  it('says when nothing calls for other segments', () => {
    const proposals = { segments: 2, borders: 1, proposals: [] }
    const run = { ...reportedShop, sketch: { ...reportedShop.sketch, proposals } }
    expect(markdown(run)).toContain('Nothing in the data calls for other segments.')
  })
})
