import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexDocument } from '../../../src/report/segmentation/index-document.ts'
import { renderReportHtml } from '../../../src/report/segmentation/render-report-html.ts'
import { renderReportMarkdown } from '../../../src/report/segmentation/render-report-markdown.ts'
import { withholdPaths } from '../../../src/report/segmentation/withhold-paths.ts'
import { countPaths, type Keys, links, pipeline, shop, times } from './indexed-shop.ts'

describe('paths in the index', () => {
  it('says how many stayed, which path is the most common, and lists the paths with their shares', () => {
    const [chapter] = indexDocument('prod', [pipeline(shop)]).chapters
    const figure = chapter!.parts.find((part) => part.figure?.chart.kind === 'paths')!.figure!
    expect(figure.title).toBe(
      '75.0 % of the customers there all along stayed in one segment since 2026-Q1; the most common path (40.0 % of all) is “Loyal” throughout',
    )
    const table = chapter!.parts.find((part) => part.table?.caption.startsWith('The most common paths'))!.table!
    expect(table.rows.map((row) => row.map(({ text }) => text).join(' | '))).toEqual([
      '“Loyal” throughout | 40 | 40.0 %',
      '“Loyal”, from 2026-Q2 “Lapsing” | 20 | 20.0 %',
      '“Lapsing” throughout | 20 | 20.0 %',
      '“Lapsing”, from 2026-Q3 gone | 11 | 11.0 %',
      'Not there, from 2026-Q2 “Loyal” | 9 | 9.0 %',
    ])
    expect(figure.table.rows.map((row) => row.map(({ text }) => text).join(' | '))).toEqual([
      'Loyal | Loyal | 40 | 49',
      'Loyal | Lapsing | 20 | –',
      'Lapsing | Lapsing | 31 | 40',
      'not there | Loyal | 9 | –',
      'Lapsing | gone | – | 11',
    ])
  })

  it('draws a column a publication, in every form the same each time', () => {
    const html = renderReportHtml(indexDocument('prod', [pipeline(shop)], links))
    expect(renderReportHtml(indexDocument('prod', [pipeline(shop)], links))).toBe(html)
    for (const text of ['2026-Q1', '2026-Q2', '2026-Q3', 'Gone', 'New'])
      expect(html).toMatch(new RegExp(`>${text}</text>`))
    expect(html).not.toMatch(/#0001|#0002|<script/)
    expect(renderReportMarkdown(indexDocument('prod', [pipeline(shop)]))).toContain('Not there, from 2026-Q2 “Loyal”')
  })

  it('says nothing of one publication', () => {
    const html = renderReportHtml(indexDocument('prod', [pipeline(shop, { paths: null })], links))
    expect(html).not.toContain('most common path')
  })

  it('puts a path of three with the smallest one beside it, and hides the way that they went', () => {
    const found = withholdPaths(
      countPaths([...times(40, 'a', 'a'), ...times(30, 'b', 'b'), ...times(7, 'b', 'a'), ...times(3, 'a', 'b')]),
    )!
    // The 3 are known where one knows 40 of the 43 in a, or 30 of the 33 who came to b: both go.
    expect(found.paths).toEqual([])
    expect(found.others).toBe(80)
    expect(found.steps).toEqual([])
    expect(found.stayed).toBe(70)
    expect(found.mostCommon).toBeNull()
  })

  it('tells nothing of fewer than five customers', () => {
    expect(withholdPaths(countPaths(times(4, 'a', 'b')))).toBeUndefined()
  })

  it('loses no customer, leaves no few over in any sum that is shown, and names no path with a step that is not', () => {
    const key = fc.constantFrom('a', 'b', 'c', null)
    const crowd = fc.array(fc.tuple(fc.tuple(key, key, key), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 16,
    })
    fc.assert(
      fc.property(crowd, (groups) => {
        const customers = groups.flatMap(([keys, size]) => times(size, ...keys))
        const counted = countPaths(customers)
        const shown = withholdPaths(counted)
        if (!shown) return counted.customers < 5
        const present = customers.filter((keys) => keys.some((one) => one !== null))
        const isNamed = (keys: Keys): boolean => shown.paths.some((path) => path.segmentKeys.join() === keys.join())
        const leftOver = (has: (keys: Keys) => boolean): boolean => {
          const own = present.filter(has)
          const unnamed = own.filter((keys) => !isNamed(keys)).length
          return unnamed === own.length || unnamed === 0 || unnamed >= 5
        }
        return (
          shown.paths.reduce((sum, path) => sum + path.customers, 0) + shown.others === present.length &&
          leftOver(() => true) &&
          shown.paths.every(({ segmentKeys: keys }) =>
            [0, 1].every(
              (at) =>
                (keys[at] === null && keys[at + 1] === null) ||
                shown.steps.some(
                  (step) =>
                    step.position === at && step.fromSegmentKey === keys[at] && step.toSegmentKey === keys[at + 1],
                ),
            ),
          ) &&
          shown.steps.every(
            ({ position, fromSegmentKey, toSegmentKey, customers: size }) =>
              size >= 5 && leftOver((keys) => keys[position] === fromSegmentKey && keys[position + 1] === toSegmentKey),
          )
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('reviews in the index', () => {
  const review = {
    ...{ runId: 'shop@2026-01-01~1', judgedBy: 'shop@2026-04-01~1', index: 57.4, band: 'good' as const, target: 40 },
    ...{ from: '2026-01-01T00:00:00Z', until: '2026-04-01T00:00:00Z', reportUri: 's3://bucket/review.html' },
  }
  it('shows the newest with its band and period, and leads to its page where that is served', () => {
    const older = { ...review, runId: 'shop@2025-10-01~1', index: 12, band: 'low' as const }
    const html = renderReportHtml(indexDocument('prod', [pipeline(shop, { reviews: [older, review] })], links))
    expect(html).toContain('57 of 100 (good)')
    expect(html).toContain('from 2026-01-01 00:00 UTC to 2026-04-01 00:00 UTC; the target 40 is met')
    expect(html.indexOf('href="/reviews/shop@2026-01-01~1"')).toBeGreaterThan(0)
    expect(html.indexOf('href="/reviews/shop@2026-01-01~1"')).toBeLessThan(
      html.indexOf('href="/reviews/shop@2025-10-01~1"'),
    )
  })
  it('else names the command that lists them, and where the page is', () => {
    const html = renderReportHtml(indexDocument('prod', [pipeline(shop, { reviews: [review] })]))
    expect(html).toContain('resegment effectiveness shop --target prod --history')
    expect(html).toContain('s3://bucket/review.html')
    expect(html).not.toContain('/reviews/')
  })
  it('says nothing where nothing was reviewed', () => {
    expect(renderReportHtml(indexDocument('prod', [pipeline(shop)]))).not.toMatch(/effectiveness/i)
  })
})
