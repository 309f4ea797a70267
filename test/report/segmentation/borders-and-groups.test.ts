import { describe, expect, it } from 'vitest'
import { layOutReport } from '../../../src/report/segmentation/lay-out-report.ts'
import { proposeRefinements } from '../../../src/report/segmentation/propose-refinements.ts'
import { changeFor } from '../../../src/report/segmentation/proposed-change.ts'
import type { BorderProposal, EmergingProposal } from '../../../src/report/segmentation/refinements/proposal.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import { twoMeans } from '../../../src/stats/two-means.ts'
import { blob, noise } from '../../stats/planted-rows.ts'
import { reportedShop } from './reported-shop.ts'

const names = ['spent', 'orders', 'recency', 'tenure']
/** Rows of a round group around 0, moved and stretched by row. */
function planted(
  rows: number,
  dimensions: number,
  seed: number,
  place: (row: number, column: number) => { readonly at: number; readonly spread: number },
): Float64Array {
  return blob(rows, dimensions, seed).map((value, i) => {
    const { at, spread } = place(Math.floor(i / dimensions), i % dimensions)
    return at + spread * value
  })
}
const told = (dimensions: number, numbers = {}) => ({ names: names.slice(0, dimensions), numbers })
const halves = (values: Float64Array, dimensions: number): string[] =>
  Array.from(twoMeans(values, dimensions), (side) => `half-${side}`)

describe('a border beside a valley', () => {
  // Groups at 0 and 8 of the first column, and a rule that cuts at 8: half of the second group is with the first.
  const values = planted(2_000, 2, 1, (row, column) => ({ at: column === 0 && row % 2 === 0 ? 8 : 0, spread: 1 }))
  const keys = Array.from({ length: 2_000 }, (_, row) => (values[2 * row]! < 8 ? 'low' : 'high'))
  // What was spent is told as 100 + 10 of it: the valley at 4 is 140.
  const numbers = { spent: Float64Array.from(keys, (_, row) => 100 + 10 * values[2 * row]!) }

  it('is to move to the valley, and is one proposal, though a segment holds two groups by it', () => {
    const { proposals } = proposeRefinements(values, told(2, numbers), keys)
    expect(proposals).toMatchObject([{ kind: 'border', segmentKeys: ['high', 'low'], customers: 2_000, p: 0 }])
    const [{ beyond, border, feature }] = proposals as [BorderProposal]
    expect(feature).toBe('spent')
    // A quarter of all: half of one of two equal groups.
    expect(Math.abs(beyond - 0.25)).toBeLessThan(0.03)
    expect(Math.abs(border! - 140)).toBeLessThanOrEqual(6)
  })
  it('is where k-means puts it midway between a wide group and a narrow one', () => {
    const uneven = planted(3_000, 2, 2, (row, column) =>
      row % 5 === 0 ? { at: column === 0 ? 9.5 : 0, spread: 0.5 } : { at: 0, spread: 3 },
    )
    const { proposals } = proposeRefinements(uneven, told(2), halves(uneven, 2))
    expect(proposals).toMatchObject([{ kind: 'border' }])
    const right = Array.from({ length: 3_000 }, (_, row) => (row % 5 === 0 ? 'narrow' : 'wide'))
    expect(proposeRefinements(uneven, told(2), right).proposals).toEqual([])
  })
  it('is not proposed of what lies beyond when that is a third group', () => {
    const three = planted(3_000, 1, 3, (row) => ({ at: 9 * (row % 3), spread: 1 }))
    const joined = Array.from({ length: 3_000 }, (_, row) => (row % 3 === 2 ? 'far' : 'near and middle'))
    expect(proposeRefinements(three, told(1), joined).proposals).toMatchObject([{ kind: 'split' }])
  })
})

describe('a group apart', () => {
  // One in fifty lies nine deviations out in the second column, close together.
  const values = planted(10_000, 4, 4, (row, column) =>
    row % 50 === 0 ? { at: column === 1 ? 9 : 0, spread: 0.4 } : { at: 0, spread: 1 },
  )
  const keys = Array.from({ length: 10_000 }, () => 'all')
  const numbers = { orders: Float64Array.from(keys, (_, row) => values[4 * row + 1]!) }

  it('is found with its size and what tells it apart', () => {
    const { proposals } = proposeRefinements(values, told(4, numbers), keys)
    expect(proposals).toMatchObject([{ kind: 'emerging', segmentKey: 'all', feature: 'orders', newcomers: null, p: 0 }])
    const [{ customers, share, border }] = proposals as [EmergingProposal]
    expect(Math.abs(customers - 200)).toBeLessThanOrEqual(4)
    expect(share).toBeCloseTo(0.02, 3)
    // Others end at about 4, the group begins at about 8.
    expect(border).toBeGreaterThan(3)
    expect(border).toBeLessThan(8.5)
  })
  it('is new where its customers were not there before', () => {
    const before = keys.map((key, row) => (row % 50 === 0 || row % 20 === 1 ? null : key))
    const [found] = proposeRefinements(values, told(4), keys, before).proposals as [EmergingProposal]
    // One in fifty, and one in twenty of all: none is both.
    expect(found.newcomers).toEqual({ share: 1, ofAll: 0.07 })
    const few = keys.map((key, row) => (row < 150 && row % 50 === 0 ? null : key))
    expect(proposeRefinements(values, told(4), keys, few).proposals).toMatchObject([{ newcomers: null }])
  })
})

describe('where there is nothing to propose', () => {
  const DRAWS = 60
  const found = (draw: (seed: number) => Float64Array, keysOf: (values: Float64Array) => string[]): readonly string[] =>
    Array.from({ length: DRAWS }, (_, seed) => {
      const values = draw(seed + 1)
      return proposeRefinements(values, told(2), keysOf(values)).proposals.map(({ kind }) => kind)
    }).flat()
  const asOne = (values: Float64Array): string[] => Array.from({ length: values.length / 2 }, () => 'all')

  it.each([
    ['a normal group', (seed: number) => blob(3_000, 2, seed)],
    ['one with long tails', (seed: number) => blob(3_000, 2, seed).map((value) => value ** 3)],
    ['one that is skewed, as money is', (seed: number) => blob(3_000, 2, seed).map(Math.exp)],
  ])('no group is seen apart in %s', (_, draw) => {
    expect(found(draw, asOne)).toEqual([])
  })
  it.each([
    ['normal', blob, 0],
    ['even', noise, 0.5],
  ] as const)('no border is in a cloud of %s rows that is cut in four', (_, draw, middle) => {
    const quarters = (values: Float64Array): string[] =>
      Array.from(
        { length: values.length / 2 },
        (__, row) => `quarter-${Number(values[2 * row]! < middle)}${Number(values[2 * row + 1]! < middle)}`,
      )
    expect(found((seed) => draw(2_000, 2, seed), quarters)).not.toContain('border')
  })
  it('a border is proposed in halves of evenly spread rows as rarely as the test says', () => {
    // At 1 % of 60 draws 0.6 are expected, more than 4 with a chance of 0.04 % (binomial).
    const kinds = found(
      (seed) => noise(1_000, 2, seed).map((value, i) => (i % 2 === 0 ? value : value / 5)),
      (values) => halves(values, 2),
    )
    expect(kinds.filter((kind) => kind === 'border').length).toBeLessThanOrEqual(4)
  })
})

describe('the change and the text of such proposals', () => {
  const border: BorderProposal = {
    ...{ kind: 'border', segmentKeys: ['shop-1', 'shop-3'], customers: 1_000, beyond: 0.12, dip: 0.05, p: 0 },
    ...{ feature: 'monetary', explained: 0.8, border: 140 },
  }
  const emerging: EmergingProposal = {
    ...{ kind: 'emerging', segmentKey: 'shop-1', customers: 60, share: 0.06, dip: 0.05, p: 0, distance: 4.2 },
    ...{ newcomers: { share: 0.9, ofAll: 0.1 }, feature: 'monetary', explained: 0.8, border: 900 },
  }
  const nameOf = (segmentKey: string): string => segmentKey
  it.each([
    ['kmeans', border, 'cluster: { method: mixture, count: 4 }', 'midway'],
    ['mixture', border, null, 'no setting'],
    ['rules', border, 'cluster.rules: another bound', 'monetary above or below about 140.'],
    ['tiers', border, 'cluster.by: another bound', 'at about 140'],
    ['kmeans', emerging, 'cluster: { count: 5 }', 'how large it is'],
    [
      'rules',
      emerging,
      'cluster.rules: one more rule',
      'Before the rule of “shop-1”: monetary above or below about 900.',
    ],
    ['rfm', emerging, null, 'no setting'],
  ] as const)('by %s', (method, proposal, change, remark) => {
    const changed = changeFor(proposal, { name: 'shop', method, segmentCount: 4, nameOf })
    expect(changed.change).toBe(change)
    expect(changed.remark).toContain(remark)
  })
  it('stands in the report', () => {
    const proposals = { segments: 2, borders: 1, proposals: [border, emerging] }
    const text = renderReportMarkdown(layOutReport({ ...reportedShop, sketch: { ...reportedShop.sketch, proposals } }))
    expect(text).toMatch(/Sharpen the border between “Champions” and .*12\.0 % of them lie beyond the valley/)
    expect(text).toMatch(
      /A new group emerges in “Champions”.*60 customers.*4\.2 times as far.*90\.0 % of them were not there at the last publication, of all customers 10\.0 %/,
    )
  })
})
