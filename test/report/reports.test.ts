import { describe, expect, it } from 'vitest'
import { movedCustomers } from '../../src/report/moved-customers.ts'
import { moveTable } from '../../src/report/move-table.ts'
import { runList } from '../../src/report/run-list.ts'
import { moveBlock, runReport } from '../../src/report/run-report.ts'
import { stageLine } from '../../src/report/stage-line.ts'
import { summarizeMoves } from '../../src/run/moves.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { movedText } from '../../src/run/verdict-text.ts'

describe('a stage', () => {
  const extract = { stage: 'extract', rowsIn: 541_909, rowsOut: 541_909, rejected: 0, seconds: 2.13 } as const

  it('is one line with its rows and time', () => {
    expect(stageLine(extract)).toBe('extract   541,909 rows in 2.1 s')
  })

  it('says what it rejected, and when its work was there already', () => {
    expect(stageLine({ ...extract, stage: 'cleanse', rejected: 135_080 })).toBe(
      'cleanse   541,909 rows in 2.1 s, 135,080 rejected',
    )
    expect(stageLine({ ...extract, stage: 'features', rowsOut: 4_338, seconds: 0 })).toBe(
      'features  4,338 customers, finished earlier',
    )
  })
})

const published: RunStatus = {
  runKey: 'shop@2026-10-01',
  revision: 1,
  pipeline: 'shop',
  kind: 'refit',
  period: '2026-Q3',
  asOf: '2026-09-30T22:00:00Z',
  status: 'published',
  verdict: 'warn',
  stages: [
    { stage: 'extract', rowsIn: 10_000, rowsOut: 10_000, rejected: 0, seconds: 0.4 },
    { stage: 'publish', rowsIn: 2_000, rowsOut: 2_000, rejected: 0, seconds: 1 },
  ],
  segments: [
    { segmentKey: 'shop-1', name: 'Champions', customers: 1_234, share: 0.617 },
    { segmentKey: 'shop-12', name: 'Lapsed', customers: 766, share: 0.383 },
  ],
  checks: [
    { gate: 'membershipChurn', outcome: 'warn', value: 0.21, threshold: 'above 0.2' },
    { gate: 'rowCount', outcome: 'not-computable', value: null, threshold: null },
  ],
  moved: 412,
  moves: null,
  artifacts: {},
  manifestUri: 's3://resegment/dev/shop/run=shop@2026-10-01~1/manifest.json',
  workflowId: 'dev/shop@2026-10-01~1',
  temporalRunId: '0198',
}

describe('a run', () => {
  it('is a screen: stages, segments, checks, who moved, where to look', () => {
    expect(runReport(published).join('\n')).toBe(
      `
shop@2026-10-01~1 (2026-Q3) is published; verdict: warn.

extract   10,000 rows in 0.4 s
publish   2,000 customers in 1.0 s

Segment    Customers   Share  Key
Champions      1,234  61.7 %  shop-1
Lapsed           766  38.3 %  shop-12

Check             Value  Outcome
membershipChurn  21.0 %  warn: above 20 %
rowCount              –  could not be computed

412 customers changed segment.

Files      s3://resegment/dev/shop/run=shop@2026-10-01~1/manifest.json
Workflow   dev/shop@2026-10-01~1
Temporal   run 0198`.trim(),
    )
  })

  it('that is dry says how far it went', () => {
    const dry = { ...published, status: 'dry_run' } as const
    expect(runReport(dry)[0]).toBe(
      'shop@2026-10-01~1 (2026-Q3) was a dry run: nothing was written for consumers; verdict: warn.',
    )
    expect(runReport({ ...dry, verdict: null, stages: dry.stages.slice(0, 1) })[0]).toBe(
      'shop@2026-10-01~1 (2026-Q3) was a dry run until extract: nothing was written for consumers.',
    )
  })

  it('leaves out what it has not reached', () => {
    const started = {
      ...published,
      status: 'running',
      verdict: null,
      stages: [],
      segments: [],
      checks: [],
      moved: null,
      manifestUri: null,
    } as const
    expect(runReport(started)).toEqual([
      'shop@2026-10-01~1 (2026-Q3) is running.',
      '',
      'Workflow   dev/shop@2026-10-01~1',
      'Temporal   run 0198',
    ])
  })

  it('tells a first run from one in which nobody moved', () => {
    expect([null, 0, 1, 1_200].map((moved) => movedText(moved, { status: 'published' }))).toEqual([
      'First run: there was nothing to compare with.',
      'No customer changed segment.',
      '1 customer changed segment.',
      '1,200 customers changed segment.',
    ])
  })

  it('that is not out says what would change, and who would move', () => {
    expect(movedText(3, { status: 'held' })).toBe('3 customers would change segment.')
    const moves = { largest: [], otherCustomers: 3 }
    expect(moveBlock({ status: 'held', moves })).toEqual(['', 'Who would move and why:', '3 customers in small moves'])
  })
})

describe('moves', () => {
  const nameOf = (key: string) => ({ 'shop-1': 'Champions', 'shop-2': 'Lapsed' })[key] ?? key
  const move = (
    from: string | null,
    to: string | null,
    moveReason: 'new' | 'lost' | 'behaviour' | null,
    customers: number,
  ) => ({
    fromSegmentKey: from,
    toSegmentKey: to,
    moveReason,
    customers,
  })

  it('are listed by name with their reason, the largest first', () => {
    expect(
      moveTable(
        summarizeMoves(
          [
            move('shop-1', 'shop-1', null, 900),
            move('shop-1', 'shop-2', 'behaviour', 120),
            move(null, 'shop-2', 'new', 1_300),
          ],
          nameOf,
        ),
      ),
    ).toEqual([
      'From       To      Customers  Why',
      '–          Lapsed      1,300  new customer',
      'Champions  Lapsed        120  behaved differently',
    ])
  })

  it('of fewer than five customers are only counted together', () => {
    expect(
      moveTable(
        summarizeMoves(
          [
            move('shop-1', 'shop-2', 'behaviour', 5),
            move('shop-2', 'shop-1', 'behaviour', 4),
            move('shop-2', null, 'lost', 3),
          ],
          nameOf,
        ),
      ),
    ).toEqual([
      'From       To      Customers  Why',
      'Champions  Lapsed          5  behaved differently',
      'and 7 customers in smaller moves',
    ])
  })

  it('are no table when there are none', () => {
    expect(moveTable(summarizeMoves([move('shop-1', 'shop-1', null, 900)], nameOf))).toEqual([])
  })
})

describe('the customers behind the moves', () => {
  it('are listed with the keys that filters take, and say when there are more', () => {
    const customers = [
      { customerId: 'K1', fromSegmentKey: null, toSegmentKey: 'shop-2', moveReason: 'new' },
      { customerId: 'K2', fromSegmentKey: 'shop-1', toSegmentKey: null, moveReason: 'lost' },
    ] as const
    expect(movedCustomers({ total: 1_500, customers })).toEqual([
      'Customer  From    To      Why',
      'K1        –       shop-2  new customer',
      'K2        shop-1  –       no longer a customer',
      '',
      '2 of 1,500 customers; see more with --limit.',
    ])
    expect(movedCustomers({ total: 0, customers: [] })).toEqual(['Nobody is like that.'])
  })
})

describe('a verdict that not every check went into', () => {
  it('is said in words: in a first run there was nothing to compare with', () => {
    const first = { ...published, verdict: 'not-computable', moved: null } as const
    const report = runReport(first).join('\n')
    expect(report).toContain('is published; verdict: pass, with nothing to compare with yet.')
    expect(report).toMatch(/^rowCount +– {2}nothing to compare with yet$/m)
    const startedAt = '2026-10-01T04:00:00Z'
    expect(runList([{ ...first, startedAt, isLive: false }])[1]).toContain('pass (first run)')
    expect(runList([{ ...first, moved: 3, startedAt, isLive: false }])[1]).toContain('pass (in part)')
    expect(runList([{ ...first, startedAt, isLive: true }])[1]).toContain(`${first.status}, live`)
  })
})
