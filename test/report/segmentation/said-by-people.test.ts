import { describe, expect, it } from 'vitest'
import { describeReport } from '../../../src/report/segmentation/describe-report.ts'
import { layOutReport } from '../../../src/report/segmentation/lay-out-report.ts'
import { changeFor } from '../../../src/report/segmentation/proposed-change.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import type { Judgement, KeptFeedback } from '../../../src/run/feedback.ts'
import { reportedShop } from './reported-shop.ts'

const said = (author: string, judgement: Judgement, segmentKey = 'shop-1'): KeptFeedback => ({
  ...{ author, judgement, segmentKey, customerId: null, belongsIn: null, note: '' },
  givenAt: '2026-10-02T00:00:00Z',
})
const placed = (customer: number): KeptFeedback => ({
  ...said('ada', 'misplaced'),
  ...{ customerId: `c-secret-${customer}`, belongsIn: 'shop-3' },
})
const five = Array.from({ length: 5 }, (_, i) => placed(i))
const written = (feedback: readonly KeptFeedback[]): string =>
  renderReportMarkdown(layOutReport({ ...reportedShop, feedback }))
const proposed = (feedback: readonly KeptFeedback[]) =>
  describeReport({ ...reportedShop, feedback }).refinements.proposals

describe('what people say of segments', () => {
  it('is told with the proposal about the segment, the last word of each', () => {
    const doubts = [said('ada', 'wrong'), said('ben', 'useful'), said('ben', 'wrong'), said('eve', 'useful')]
    expect(written(doubts)).toMatch(/Split “Champions”.*2 of 3 people say that the segment is wrong/)
    expect(proposed(doubts)).toHaveLength(1)
  })
  it('is a proposal of its own where the figures say nothing, on their word, without customers', () => {
    const text = written([...five, said('ada', 'wrong', 'shop-3'), said('eve', 'wrong', 'shop-3')])
    expect(text).toMatch(/Form “.*2 of 2 people say.*cluster: \{ count: 3 \}/)
    expect(text).toMatch(/Place customers of “Champions” in.*People say of 5 customers of one.*overrides/)
    expect(text).not.toContain('c-secret')
  })
  it('does not count one person, a draw, or fewer than five customers', () => {
    const few = [said('ada', 'wrong', 'shop-3'), said('ada', 'wrong', 'shop-3'), ...five.slice(1)]
    const draw = [said('ada', 'wrong'), said('ben', 'wrong'), said('eve', 'useful'), said('kim', 'useful')]
    expect(proposed([...few, ...draw])).toMatchObject([{ kind: 'split', said: [] }])
  })
  it('changes nothing where nobody said anything', () => {
    expect(written([])).toBe(renderReportMarkdown(layOutReport(reportedShop)))
  })
  it.each([
    ['kmeans', 'cluster: { count: 5 }'],
    ['rules', 'cluster.rules: another condition'],
    ['rfm', null],
  ])('would change by %s', (method, change) => {
    const doubt = { kind: 'doubted', segmentKey: 'shop-1', wrong: 2, people: 2 } as const
    const changed = changeFor(doubt, { name: 'shop', method, segmentCount: 4, nameOf: (key) => key })
    expect(changed.change).toBe(change)
    expect(changed.remark).toContain('resegment feedback list shop')
  })
})

describe('customers who crossed a border', () => {
  const border = {
    ...{ kind: 'border' as const, segmentKeys: ['shop-1', 'shop-2'] as const, customers: 900, beyond: 0.1, dip: 0.05 },
    ...{ p: 0, feature: 'monetary', explained: 0.8, border: 140 },
  }
  it('are not told where one of the ways is not', () => {
    const sketch = { ...reportedShop.sketch, proposals: { segments: 2, borders: 1, proposals: [border] } }
    // 100 went from shop-2 to shop-1, and nobody the other way.
    const [found] = describeReport({ ...reportedShop, sketch }).refinements.proposals
    expect(found).toMatchObject({ kind: 'border', crossed: null })
  })
})
