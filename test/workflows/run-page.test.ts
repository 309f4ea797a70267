import { describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import { renderRunPage } from '../../src/workflows/run-page.ts'

const status: RunStatus = {
  runKey: 'shop@2026-10-01',
  revision: 1,
  pipeline: 'shop',
  period: '2026-Q3',
  asOf: '2026-09-30T22:00:00Z',
  status: 'failed',
  verdict: 'hold',
  stages: [{ stage: 'extract', rowsIn: 1_234_567, rowsOut: 999, rejected: 0, seconds: 1.234 }],
  segments: [{ segmentKey: 'shop-1', name: 'High | low', customers: 12_345, share: 0.5 }],
  checks: [{ gate: 'rowCountChange', outcome: 'hold', value: -0.9987379934 }],
  moved: 1000,
  manifestUri: null,
  workflowId: '',
  temporalRunId: '',
}
const page = { status, step: 'cleanse', decisionExample: undefined, failure: undefined } as const

describe('the page of a run', () => {
  it('groups thousands and rounds figures, so that they are read at a glance', () => {
    const text = renderRunPage(page)
    for (const row of [
      '| extract | 1,234,567 | 999 | 0 | 1.2 |',
      '| cleanse | | | | failed |',
      '| rowCountChange | hold | -0.999 |',
      '| shop-1 | High \\| low | 12,345 | 50.0 % |',
      '1,000 customers changed their segment',
    ])
      expect(text).toContain(row)
  })

  it('wraps a failure, since the UI cuts long fenced lines; words longer than a line stay whole', () => {
    const path = `/data/${'x'.repeat(90)}.csv`
    const failure = `Source lines: no file matches ${path}, and nothing like it is there.\n${'Put the file there. '.repeat(8)}`
    const fenced = renderRunPage({ ...page, failure })
      .split('```')[1]!
      .trim()
      .split('\n')
    expect(fenced.filter((line) => line.length > 76)).toEqual([expect.stringContaining(path)])
    expect(fenced.join(' ').replaceAll(/\s+/g, ' ')).toBe(failure.replaceAll(/\s+/g, ' ').trim())
  })
})
