import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionChoices } from '../../src/report/comparison/decision-choices.ts'
import { describeComparison } from '../../src/report/comparison/describe-comparison.ts'
import { renderHtml } from '../../src/report/comparison/render-html.ts'
import { renderMarkdown } from '../../src/report/comparison/render-markdown.ts'
import { withhold } from '../../src/report/comparison/withhold.ts'
import { comparedShop as run, HOSTILE } from './compared-shop.ts'

const section = (title: string, of = run) => describeComparison(of).sections.find((one) => one.title === title)!
const texts = (title: string, table = 0) =>
  section(title).tables![table]!.rows.map((row) => row.map(({ text }) => text))

describe('the page of a comparison', () => {
  it('says in sentences what was found (counted by hand)', () => {
    expect(describeComparison(run).finding).toEqual([
      '400 of the 940 customers in both change segment (42.6 %); segment changed around them: 297, behaved differently: 60, a border moved: 43.',
      expect.stringMatching(/^Most go from “Lapsed” to “<script>.*”: 297\.$/s),
      'New: 60; returned: fewer than 5; lost: 20.',
      'Features that drifted: recency (0.30).',
      'Not passed: membershipChurn (hold: above 35 %).',
    ])
  })

  it('shows sizes before and after with the change as count and percent, and what is gone', () => {
    expect(texts('Segments, before and after').map((row) => [row[0], ...row.slice(2, 7), row[8]])).toEqual([
      ['Champions', '563', '640', '+77', '+13.7 %', '75.0 %', 'active'],
      [HOSTILE, '0', '360', '+360', '–', '–', 'new'],
      ['Lapsed', '397', '0', '−397', '−100.0 %', '–', 'retired'],
    ])
  })

  it('shows no cell of few customers, nor one that gives it away', () => {
    // Three went from Champions to the new segment: with one figure more in the row and in the column nobody can tell.
    expect(texts('Who moves, and why')).toEqual([
      ['Champions', '540', '·', '·'],
      ['Lapsed', '100', '297', ''],
      ['not there before', '', '·', ''],
    ])
    expect(texts('Who moves, and why', 1)).toEqual([
      ['Lapsed', HOSTILE, '297', 'segment changed around them'],
      ['Lapsed', 'Champions', '100', 'behaved differently 60.0 %, a border moved 40.0 %'],
    ])
  })

  it('shows the figure of each gate in its own unit', () => {
    const checks = [
      { gate: 'segmentCount', value: 6, unit: 'count' as const },
      { gate: 'featureDrift', value: 0.489, unit: 'index' as const },
      { gate: 'rowCount', value: 0.165, unit: 'change' as const },
    ].map((one) => ({ ...one, outcome: 'pass' as const, threshold: '', message: '' }))
    const shown = section('Gates', { ...run, findings: { ...run.findings, checks } }).tables![0]!.rows
    expect(shown.map((row) => row[2]!.text)).toEqual(['6', '0.489', '16.5 %'])
  })

  it('tells drift from chance', () => {
    expect(texts('Drift').map((row) => [row[0], row[4]])).toEqual([
      ['recency', 'large'],
      ['tenure', 'no more than chance'],
    ])
  })

  it('puts the worst gate first', () => {
    expect(texts('Gates').map(([gate]) => gate)).toEqual(['membershipChurn', 'rowCount'])
  })

  it('of a first run compares with nothing', () => {
    const { against: _, ...first } = run
    const page = describeComparison({
      ...first,
      against: null,
      findings: { ...run.findings, moved: null, comparison: [] },
    })
    expect(page.title).toBe('shop@2026-10-01~1: the first segments')
    expect(page.sections.map(({ title }) => title)).not.toContain('Who moves, and why')
  })

  it('is one HTML file that loads and runs nothing, whatever a name says', () => {
    const html = renderHtml(describeComparison(run))
    expect(html).not.toMatch(/<script|<img|<link|src=|href=|url\(|@import/)
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html.match(/<table/g)).toHaveLength(html.match(/<caption>/g)!.length)
  })

  it('is Markdown whose tables keep their columns, whatever a name says', () => {
    const lines = renderMarkdown(describeComparison(run)).split('\n')
    const row = lines.find((line) => line.startsWith('| membershipChurn'))!
    expect(row).toContain('\\<script\\>alert("1")\\</script\\> \\| \\*b\\* \\`c\\` # \\[d\\](javascript:e)')
    expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5)
  })
})

describe('what one may do', () => {
  const decided = {
    ...{ runKey: 'shop@2026-10-01', revision: 1, asOf: '2026-09-30T22:00:00.000Z', targetName: 'prod' },
    ...{ digest: 'd1', isByLiveModel: false, canUseLiveModel: true },
  }
  const commands = (change: object) =>
    decisionChoices({ ...decided, verdict: 'hold', ...change }).map(({ command }) => command)

  it('of a held run names the digest of what is shown, so that nothing else is approved', () => {
    expect(commands({})[0]).toBe('resegment approve shop@2026-10-01~1 --target prod --digest d1 --reason "…"')
    expect(commands({ isByLiveModel: true })[0]).toBe(
      'resegment use-live-model shop@2026-10-01~1 --target prod --digest d1 --reason "…"',
    )
  })

  it('never is to approve what a gate failed', () => {
    expect(commands({ verdict: 'fail' })).toEqual([
      'resegment run shop --as-of 2026-10-01 --revision next --target prod',
    ])
    expect(commands({ verdict: 'fail', isByLiveModel: true }).join()).not.toContain('--digest')
    expect(commands({ verdict: 'warn' })).toEqual([])
  })
})

describe('withholding', () => {
  it('leaves no hidden cell alone in its row or column while another one there could join it', () => {
    const table = fc
      .integer({ min: 1, max: 6 })
      .chain((width) =>
        fc.array(fc.array(fc.nat(30), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    fc.assert(
      fc.property(table, (counts) => {
        const hidden = withhold(counts)
        counts.forEach((row, i) => row.forEach((n, j) => n > 0 && n < 5 && expect(hidden[i]![j]).toBe(true)))
        const lines = [
          ...counts.map((_, i) => counts[0]!.map((__, j) => [i, j])),
          ...counts[0]!.map((_, j) => counts.map((__, i) => [i, j])),
        ]
        for (const line of lines) {
          const alone = line.filter(([i, j]) => hidden[i!]![j!]).length === 1
          const others = line.filter(([i, j]) => !hidden[i!]![j!] && counts[i!]![j!]! > 0)
          expect(alone && others.length > 0).toBe(false)
        }
      }),
    )
  })
})
