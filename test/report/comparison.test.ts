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
      'Most go from “Lapsed” to “Champions”: 100.',
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
    // Three went from Champions to the new segment. Whoever knows that 20 are gone in all, and sees that they are not from Lapsed, would know it.
    expect(texts('Who moves, and why')).toEqual([
      ['Champions', '540', '·', '·'],
      ['Lapsed', '100', '·', '·'],
      ['not there before', '', '60', ''],
    ])
    expect(texts('Who moves, and why', 1)).toEqual([
      ['Lapsed', 'Champions', '100', 'behaved differently 60.0 %, a border moved 40.0 %'],
      ['not there before', HOSTILE, '60', 'new customer'],
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
  const table = (most: number, rows: number, columns: number) =>
    fc.tuple(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: columns })).chain(([height, width]) =>
      fc.array(fc.array(fc.nat(most), { minLength: width, maxLength: width }), {
        minLength: height,
        maxLength: height,
      }),
    )

  it('leaves more than one number for a cell of a few, whatever one knows of rows, columns and the cells that are shown', () => {
    fc.assert(
      fc.property(table(7, 3, 3), (counts) => {
        const hidden = withhold(counts)
        const everything = counts.map((row) => row.map(() => true))
        counts.forEach((row, i) =>
          row.forEach((count, j) => {
            if (count === 0 || count >= 5) return
            expect(hidden[i]![j]).toBe(true)
            // What not even hiding all of it would keep cannot be kept.
            if (valuesAt(counts, everything, i, j).size > 1)
              expect(valuesAt(counts, hidden, i, j).size).toBeGreaterThan(1)
          }),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('hides as few customers as it can: zeros first, those who stay last', () => {
    // Beside the 3: 40 + 0 + 0, for every other rectangle has one of those who stay. Beside the 2: 180 + 12 + 0; 210 + 0 + 0 is more.
    const counts = [
      [350, 3, 0, 0],
      [0, 210, 12, 0],
      [2, 0, 180, 40],
    ]
    expect(withhold(counts)).toEqual([
      [false, true, false, true],
      [true, false, true, false],
      [true, true, true, true],
    ])
  })

  it('does not hide behind what everybody knows to be nobody', () => {
    // The zero is between “not there before” and “gone”.
    const counts = [
      [200, 3, 20],
      [90, 60, 0],
    ]
    expect(withhold(counts)).toEqual([
      [false, true, true],
      [false, true, true],
    ])
    expect(withhold(counts, [1, 2])).toEqual([
      [true, true, false],
      [true, true, false],
    ])
  })

  it('hides nothing where nobody is few', () => {
    fc.assert(
      fc.property(table(40, 6, 6), (counts) => {
        const safe = counts.map((row) => row.map((count) => (count < 5 ? 0 : count)))
        expect(withhold(safe).flat()).not.toContain(true)
      }),
    )
  })
})

/** All numbers that a cell can have where one knows what is shown and the sums of rows and columns, by trying every table. */
function valuesAt(
  counts: readonly (readonly number[])[],
  hidden: readonly (readonly boolean[])[],
  i: number,
  j: number,
): ReadonlySet<number> {
  const cells = counts.flatMap((row, k) => row.flatMap((_, l) => (hidden[k]![l] ? [[k, l] as const] : [])))
  const rowLeft = counts.map((row, k) => row.reduce((sum, count, l) => sum + (hidden[k]![l] ? count : 0), 0))
  const columnLeft = counts[0]!.map((_, l) => counts.reduce((sum, row, k) => sum + (hidden[k]![l] ? row[l]! : 0), 0))
  const found = new Set<number>()
  const fill = (at: number, value: number): void => {
    const cell = cells[at]
    if (!cell) {
      if (rowLeft.every((left) => left === 0) && columnLeft.every((left) => left === 0)) found.add(value)
      return
    }
    const [k, l] = cell
    // The last hidden cell of a row takes what is left of it.
    const isLast = cells[at + 1]?.[0] !== k
    const most = Math.min(rowLeft[k]!, columnLeft[l]!)
    for (let count = isLast ? rowLeft[k]! : 0; count <= most && found.size < 2; count++) {
      rowLeft[k]! -= count
      columnLeft[l]! -= count
      fill(at + 1, k === i && l === j ? count : value)
      rowLeft[k]! += count
      columnLeft[l]! += count
    }
  }
  fill(0, -1)
  return found
}
