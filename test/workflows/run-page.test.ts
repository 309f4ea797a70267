import { describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { StageName } from '../../src/run/stage.ts'
import { renderRunPage } from '../../src/workflows/run-page.ts'

const status: RunStatus = {
  runKey: 'shop@2026-10-01',
  revision: 1,
  pipeline: 'shop',
  kind: 'refit',
  period: '2026-Q3',
  asOf: '2026-09-30T22:00:00Z',
  status: 'failed',
  verdict: 'hold',
  stages: [{ stage: 'extract', rowsIn: 1_234_567, rowsOut: 999, rejected: 0, seconds: 1.234 }],
  segments: [{ segmentKey: 'shop-1', name: 'High | low', customers: 12_345, share: 0.5 }],
  checks: [{ gate: 'rowCount', outcome: 'hold', value: -0.9987379934, threshold: 'below -0.3' }],
  moved: 1000,
  moves: {
    largest: [
      {
        ...{ from: 'High | low', to: null, fromSegmentKey: 'shop-1', toSegmentKey: null },
        ...{ moveReason: 'lost', customers: 1_990 },
      },
    ],
    otherCustomers: 10,
  },
  artifacts: {},
  manifestUri: null,
  workflowId: '',
  temporalRunId: '',
}
const page = {
  status,
  targetName: 'dev',
  approval: { within: '5 days', otherwise: 'reject' },
  step: 'cleanse',
  heldDigest: undefined,
  failure: undefined,
  earlier: [],
} as const

describe('the page of a run', () => {
  it('groups thousands and rounds figures, so that they are read at a glance', () => {
    const text = renderRunPage(page)
    for (const row of [
      '| extract | 1,234,567 | 999 | 0 | 1.2 s |',
      '| cleanse |  |  |  | failed |',
      '| rowCount | hold: below -30 % | -99.9 % |',
      '| shop-1 | High \\| low | 12,345 | 50.0 % |',
      '1,000 customers would change segment',
      '| High \\| low | – | no longer a customer | 1,990 |',
      '| smaller moves |  |  | 10 |',
    ])
      expect(text).toContain(row)
  })

  it('says what the stage at work usually takes, and what one usually takes that took much longer, but not of others', () => {
    const took = (stage: StageName, seconds: number) => ({ stage, rowsIn: 100, rowsOut: 100, rejected: 0, seconds })
    // Medians: 72 s of 60, 72 and 80; 12.34 s.
    const earlier = [60, 72, 80].map((seconds) => [
      took('extract', seconds),
      took('cleanse', 1),
      took('features', 12.34),
    ])
    const stages = [took('extract', 306.2), took('cleanse', 1.5)]
    const at = (run: Partial<RunStatus>) =>
      renderRunPage({ ...page, step: 'features', earlier, status: { ...status, stages, ...run } })
    for (const row of [
      '| stage | rows in | rows out | rejected | took |',
      '| extract | 100 | 100 | 0 | 5 min 06 s, usually 1 min 12 s |',
      '| cleanse | 100 | 100 | 0 | 1.5 s |',
      '| features |  |  |  | running, usually 12.3 s |',
      '| cluster |  |  |  |  |',
    ])
      expect(at({ status: 'running' })).toContain(row)
    expect(at({ status: 'failed' })).toContain('| features |  |  |  | failed |')
  })

  describe('of a run that failed', () => {
    const failure = {
      stage: 'validate',
      type: 'GateFailed',
      what: '',
      remedy: 'Correct it; `resegment moves` lists *who* would have moved.',
      next: 'Rerun: Start Workflow Like This One with revision: next, or `resegment run shop --revision next`.',
      callWhom: 'Call growth_data. Runbook: https://wiki.example/a_b',
    } as const

    it('says stage, type, cause, remedy, what to click, and whom to call; only commands and addresses are Markdown', () => {
      expect(renderRunPage({ ...page, failure: { ...failure, what: 'File *a_b*.csv <b>.' } })).toContain(
        [
          '### What to do next',
          '**Stage validate failed** (GateFailed): File \\*a\\_b\\*\\.csv \\<b\\>\\.',
          'Correct it; `resegment moves` lists \\*who\\* would have moved\\.',
          '**Rerun: Start Workflow Like This One with revision: next**, or `resegment run shop --revision next`.',
          'Call growth\\_data\\. Runbook: https://wiki.example/a_b',
        ].join('\n\n'),
      )
    })

    it('keeps the lines of a cause as they are, and wraps them, since the UI cuts long fenced lines; words longer than a line stay whole', () => {
      const path = `/data/${'x'.repeat(90)}.csv`
      const what = `rowCount fails.\n  rowCount  fail  ${path} ${'It has too few rows. '.repeat(8)}`
      const fenced = renderRunPage({ ...page, failure: { ...failure, what } })
        .split('```')[1]!
        .trim()
        .split('\n')
      expect(fenced.slice(0, 2)).toEqual(['rowCount fails.', '  rowCount  fail '])
      expect(fenced.filter((line) => line.length > 66)).toEqual([path])
      expect(fenced.join(' ').replaceAll(/\s+/g, ' ')).toBe(what.replaceAll(/\s+/g, ' ').trim())
    })
  })

  it('of a held run gives a decision to paste whose lines fit', () => {
    const digest = 'f'.repeat(64)
    const text = renderRunPage({ ...page, heldDigest: digest })
    const example = text.split('```')[1]!.trim()
    expect(JSON.parse(example)).toEqual({ decision: 'approve', reason: '…', by: '…', digest })
    expect(example.split('\n').filter((line) => line.length > 76)).toEqual([])
    expect(text).toContain('Without a decision within 5 days the run is rejected.')
    expect(text).toContain('`resegment moves shop@2026-10-01~1`')
    expect(text).not.toContain('useLiveModel')
  })

  it('of a rejected run asks for no decision any more', () => {
    const text = renderRunPage({ ...page, status: { ...status, status: 'rejected' }, heldDigest: 'f'.repeat(64) })
    expect(text).toContain('**rejected**')
    expect(text).not.toContain('What to do next')
    expect(text).not.toContain('"decision"')
  })

  it('shows the third door with what it gives, where there is one', () => {
    const digest = 'e'.repeat(64)
    const byLiveModel = { digest, verdict: 'pass', checks: [], customers: 2_000, moved: 48, moves: null } as const
    const text = renderRunPage({
      ...page,
      status: { ...status, byLiveModel },
      approval: { within: '2 days', otherwise: 'useLiveModel', by: ['ada'] },
      heldDigest: 'f'.repeat(64),
    })
    expect(text).toContain('(verdict pass, 48 of 2,000 would move)')
    expect(text).toContain('ada may decide.')
    expect(text).toContain('Without a decision within 2 days the live model places the customers')
    expect(JSON.parse(text.split('```')[3]!)).toEqual({ decision: 'useLiveModel', reason: '…', by: '…', digest })
  })

  it('of a held run says where the whole comparison is, since when it waits and when people were reminded', () => {
    const text = renderRunPage({
      ...page,
      status: {
        ...status,
        pages: {
          html: 's3://lake/validate/comparison_page-1.html',
          markdown: 's3://lake/validate/comparison_text-1.md',
        },
        hold: { since: '2026-10-01T04:05:06.789Z', remindedAt: ['2026-10-02T04:05:07.000Z'] },
      },
      heldDigest: 'f'.repeat(64),
    })
    expect(text).toContain('Waiting since 2026-10-01 04:05 UTC, reminder sent 2026-10-02 04:05 UTC. Without a decision')
    expect(text).toContain('`resegment compare shop@2026-10-01~1 --open`')
    expect(text).toContain('`s3://lake/validate/comparison_page-1.html`')
  })

  it('of a run that was overtaken says by whom, and asks for nothing', () => {
    const text = renderRunPage({
      ...page,
      status: { ...status, status: 'superseded', supersededBy: 'shop@2027-01-01~1' },
    })
    expect(text).toContain('Superseded by `shop@2027-01-01~1`')
    expect(text).toContain('1,000 customers would change segment')
    expect(text).not.toContain('Send an Update')
  })
})
