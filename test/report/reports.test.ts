import { describe, expect, it } from 'vitest'
import { countOf, formatCount, formatDay, formatLocal, formatSeconds, formatShare } from '../../src/report/figures.ts'
import { runList } from '../../src/report/run-list.ts'
import { movedLine, runReport } from '../../src/report/run-report.ts'
import { stageLine } from '../../src/report/stage-line.ts'
import { textTable } from '../../src/report/text-table.ts'
import { transitionTable } from '../../src/report/transition-table.ts'
import type { RunStatus } from '../../src/run/run-status.ts'

describe('figures', () => {
  it('groups thousands, gives shares as percentages and times in the unit people use', () => {
    expect([0, 999, 541_909].map(formatCount)).toEqual(['0', '999', '541,909'])
    expect([0, 0.1234, 1, -0.3].map(formatShare)).toEqual(['0.0 %', '12.3 %', '100.0 %', '-30.0 %'])
    expect([0, 2.13, 59.94, 59.96, 185, 7620].map(formatSeconds)).toEqual([
      '0.0 s',
      '2.1 s',
      '59.9 s',
      '1 min 00 s',
      '3 min 05 s',
      '2 h 07 min',
    ])
    expect([1, 2].map((count) => countOf(count, 'customer'))).toEqual(['1 customer', '2 customers'])
  })
})

describe('a table', () => {
  it('lines its columns up, figures on the right, without blanks at the end', () => {
    expect(
      textTable(
        [{ title: 'Name' }, { title: 'N', align: 'right' }, { title: '' }],
        [
          ['Ångström', '7', ''],
          ['b', '1,234', 'x'],
        ],
      ),
    ).toEqual(['Name          N', 'Ångström      7', 'b         1,234  x'])
  })
})

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
    { gate: 'membershipChurn', outcome: 'warn', value: 0.21 },
    { gate: 'rowCountChange', outcome: 'not-computable', value: null },
  ],
  moved: 412,
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
membershipChurn  21.0 %  warn
rowCountChange        –  could not be computed

412 customers changed segment.

Files      s3://resegment/dev/shop/run=shop@2026-10-01~1/manifest.json
Workflow   dev/shop@2026-10-01~1
Temporal   run 0198`.trim(),
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
    expect([null, 0, 1].map(movedLine)).toEqual([
      'First run: there was nothing to compare with.',
      'No customer changed segment.',
      '1 customer changed segment.',
    ])
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
      transitionTable(
        [
          move('shop-1', 'shop-1', null, 900),
          move('shop-1', 'shop-2', 'behaviour', 120),
          move(null, 'shop-2', 'new', 1_300),
        ],
        nameOf,
      ),
    ).toEqual([
      'From       To      Customers  Why',
      '–          Lapsed      1,300  new customer',
      'Champions  Lapsed        120  bought differently',
    ])
  })

  it('of fewer than five customers are only counted together', () => {
    expect(
      transitionTable(
        [
          move('shop-1', 'shop-2', 'behaviour', 5),
          move('shop-2', 'shop-1', 'behaviour', 4),
          move('shop-2', null, 'lost', 3),
        ],
        nameOf,
      ),
    ).toEqual([
      'From       To      Customers  Why',
      'Champions  Lapsed          5  bought differently',
      'and 7 customers in smaller moves',
    ])
  })

  it('are no table when there are none', () => {
    expect(transitionTable([move('shop-1', 'shop-1', null, 900)], nameOf)).toEqual([])
  })
})

describe('a verdict that not every check went into', () => {
  it('is said in words: in a first run there was nothing to compare with', () => {
    const first = { ...published, verdict: 'not-computable', moved: null } as const
    const report = runReport(first).join('\n')
    expect(report).toContain('is published; verdict: pass, with nothing to compare with yet.')
    expect(report).toMatch(/^rowCountChange +– {2}nothing to compare with yet$/m)
    const startedAt = '2026-10-01T04:00:00Z'
    expect(runList([{ ...first, startedAt, isLive: false }])[1]).toContain('pass (first run)')
    expect(runList([{ ...first, moved: 3, startedAt, isLive: false }])[1]).toContain('pass (in part)')
    expect(runList([{ ...first, startedAt, isLive: true }])[1]).toContain(`${first.status}, live`)
  })
})

describe('days', () => {
  // Midnight of 1 July in Berlin is 22:00 of 30 June in UTC.
  it('are those of the zone of the pipeline, as in run keys', () => {
    expect(formatDay('2026-06-30T22:00:00Z', 'Europe/Berlin')).toBe('2026-07-01')
    expect(formatLocal('2026-06-30T22:00:00Z', 'Europe/Berlin')).toBe('2026-07-01 00:00 Europe/Berlin')
    expect(formatDay('2026-07-01T03:59:59Z', 'America/New_York')).toBe('2026-06-30')
  })
})
