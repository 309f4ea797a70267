import { describe, expect, it } from 'vitest'
import { describeReport } from '../../../src/report/segmentation/describe-report.ts'
import { indexDocument } from '../../../src/report/segmentation/index-document.ts'
import { drawMap } from '../../../src/report/segmentation/draw-map.ts'
import { layOutReport } from '../../../src/report/segmentation/lay-out-report.ts'
import { renderReportHtml } from '../../../src/report/segmentation/render-report-html.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import { typicalCustomers } from '../../../src/report/segmentation/typical-customers.ts'
import type { NearestOfRun } from '../../../src/run/nearest-customers.ts'
import { HOSTILE } from '../compared-shop.ts'
import { reportedShop } from './reported-shop.ts'

const report = describeReport(reportedShop)

describe('the report of a run', () => {
  it('tells what segments earn: 640 × 150 of 640 × 150 + 360 × 50', () => {
    expect(report.segments.map(({ moneyShare }) => moneyShare!.toFixed(4))).toEqual(['0.8421', '0.1579'])
    expect(report.sentences[1]).toBe(
      '“Champions” brings 84.2 % of the revenue with 64.0 % of the customers: EUR 150 each.',
    )
  })
  it('tells as preferred what more of its customers have than of all: Cohen’s h of 0.75 and 0.5 is 0.52, of 0.52 and 0.5 is 0.04', () => {
    const { validation } = reportedShop
    const level = (name: string, mean: number, populationMean: number) => ({
      ...validation.profiles.find(({ feature }) => feature === 'channel: web')!,
      ...{ feature: `channel: ${name}`, mean, populationMean },
    })
    const profiles = [level('web', 0.75, 0.5), level('shop', 0.2, 0.5), level('mail', 0.52, 0.5)]
    const [best] = describeReport({ ...reportedShop, validation: { ...validation, profiles } }).segments
    expect(best!.preferences.map(({ level: name }) => name)).toEqual(['web'])
  })
  it('sums the period up in five sentences', () => {
    expect(report.sentences).toHaveLength(5)
    expect(report.sentences[3]).toContain('400 of 940 customers changed segment (42.6 %)')
    expect(report.sentences[4]).toContain('membershipChurn')
    expect(report.sentences[4]).toContain('ada decided: approved')
  })
  it('says of a few who moved no more than that they are few, and of nobody that it is nobody', () => {
    const { validation } = reportedShop
    const comparison = validation.comparison.map((row) => (row.measure === 'lost' ? { ...row, value: 0 } : row))
    const { sentences } = describeReport({ ...reportedShop, validation: { ...validation, comparison, moved: 3 } })
    expect(sentences[3]).toMatch(/^Fewer than 5 of 940 customers changed segment/)
    expect(sentences[3]).toMatch(/none are gone\.$/)
  })
  it('shows no way that three customers went, nor what would give it away', () => {
    const ways = report.flows.map(({ fromSegmentKey, toSegmentKey }) => `${fromSegmentKey} → ${toSegmentKey}`)
    expect(ways).not.toContain('shop-1 → shop-3')
    // 297 + 60 + 3 = 360 customers: whoever knew 297 and 60 would know 3.
    expect(report.segments[1]!.came.map(({ customers }) => customers)).toEqual([60])
    expect(report.flows.every(({ customers }) => customers >= 5)).toBe(true)
  })
  it('is the same text each time, whatever was drawn before', () => {
    const first = renderReportHtml(layOutReport(reportedShop))
    expect(renderReportHtml(layOutReport(reportedShop))).toBe(first)
    expect(first).not.toMatch(/zr\d|ecmeta|#0001|#0002|<script|https?:/)
  })
  it('names customers only where that was asked, and says why it names none', () => {
    const markdown = (nearest?: NearestOfRun): string =>
      renderReportMarkdown(layOutReport({ ...reportedShop, ...(nearest && { nearest }) }))
    expect(markdown()).not.toContain('nearest its middle')
    const [first, second] = report.segments
    const named = markdown({ segments: [{ segmentKey: first!.segmentKey, customerIds: ['K-7', 'K-9'] }] })
    expect(named).toContain('K-7, K-9')
    expect(second).toBeDefined()
    expect(named).toContain('No ids: no customer of this segment has a distance.')
    expect(markdown({ absent: 'method measures no distance' })).toContain('the method of this run measures no distance')
    expect(markdown({ absent: 'run is not live' })).toContain('kept only of the run that is live')
  })
  it('ends no line between a figure and its unit, nor inside the id of a run', () => {
    const html = renderReportHtml(layOutReport(reportedShop))
    expect(html).toContain('84.2\u00A0% of the revenue')
    expect(html).toContain('EUR\u00A0150 each')
    expect(html).toMatch(/<span class="run">shop@[^<]+~1<\/span>/)
  })
  it('lists the ways into a segment that has several', () => {
    const [best, ...others] = reportedShop.validation.segments
    const rule = { ...best!.rule!, words: 'monetary above 100 EUR; or recency up to 3 days' }
    const validation = { ...reportedShop.validation, segments: [{ ...best!, rule }, ...others] }
    const markdown = renderReportMarkdown(layOutReport({ ...reportedShop, validation }))
    expect(markdown).toContain('- monetary above 100 EUR.\n- recency up to 3 days.')
  })
  it('names the target in its commands', () => {
    expect(renderReportMarkdown(layOutReport(reportedShop))).toMatch(/resegment verify shop@\S+~1 --target prod\b/)
  })
  it('lets names be text in every form', () => {
    expect(renderReportHtml(layOutReport(reportedShop))).toContain('&lt;script&gt;')
    expect(renderReportMarkdown(layOutReport(reportedShop))).not.toContain(HOSTILE)
  })
})

describe('the index', () => {
  const runs = [
    {
      runId: 'shop@2026-10-01~1',
      period: '2026-Q3',
      asOf: '2026-10-01T00:00:00Z',
      verdict: null,
      isLive: true,
      moved: null,
      segments: [],
    },
  ]
  const pipelines = [{ pipeline: 'shop', description: '', runs, paths: null, reviews: [] }]
  const links = {
    report: (runId: string) => `/${encodeURIComponent(runId)}`,
    review: (runId: string) => `/reviews/${runId}`,
  }
  it('leads to the reports where they are served, else it says how to make them', () => {
    const served = renderReportHtml(indexDocument('prod', pipelines, links))
    expect(served).toContain('<a href="/shop%402026-10-01~1">shop@2026-10-01~1</a>')
    expect(served).not.toContain('resegment report')
    expect(renderReportHtml(indexDocument('prod', pipelines))).toContain(
      'resegment report shop@2026-10-01~1 --target prod --open',
    )
  })
})

describe('drawMap', () => {
  it('draws no square of fewer than five customers, and says how many it leaves out', () => {
    const places = [...Array.from({ length: 20 }, () => [0, 0]), [10, 10], [10, -10], [-10, 3]].flat()
    const keys = Array.from({ length: 23 }, (_, row) => (row < 20 ? 'a' : 'b'))
    const map = drawMap(Float64Array.from(places), 2, keys)!
    expect(
      map.segments.map(({ segmentKey, cells }) => [segmentKey, cells.map(([, , customers]) => customers)]),
    ).toEqual([['a', [20]]])
    expect(map.withheldShare).toBeCloseTo(3 / 23, 3)
  })
  it('has no plane for one dimension', () => {
    expect(
      drawMap(
        new Float64Array(20),
        1,
        Array.from({ length: 20 }, () => 'a'),
      ),
    ).toBeNull()
  })
})

describe('typicalCustomers', () => {
  it('takes medians of the five nearest the mean, and nothing of four', () => {
    const values = Float64Array.of(-2, -1, 0, 1, 2, 90, -90, 5, 5, 5, 5)
    const keys = [...Array.from({ length: 7 }, () => 'a'), 'b', 'b', 'b', 'b']
    expect(typicalCustomers(values, 1, keys, { spent: values.map((value) => 100 + value) })).toEqual([
      { segmentKey: 'a', values: { spent: 100 } },
    ])
  })
})
