import { describe, expect, it } from 'vitest'
import { countOf, formatDay, formatLocal } from '../../src/report/figures.ts'
import { formatSeconds } from '../../src/run/figures.ts'
import { healthReport } from '../../src/report/health-report.ts'
import { segmentList } from '../../src/report/segment-list.ts'
import type { ListedSegment } from '../../src/report/segment-list.ts'
import { textTable } from '../../src/report/text-table.ts'
import { formatCount, formatShare, formatThreshold } from '../../src/run/figures.ts'

describe('figures', () => {
  it('groups thousands, gives shares as percentages and times in the unit people use', () => {
    expect([0, 999, 541_909].map(formatCount)).toEqual(['0', '999', '541,909'])
    expect([0, 0.1234, 1, -0.3].map(formatShare)).toEqual(['0.0 %', '12.3 %', '100.0 %', '-30.0 %'])
    // As many digits as were written: 0.0005 is not 0.1 %.
    expect(
      ['above 0.35', 'below -0.3', 'above 0.0005', 'below 0.07'].map((threshold) => formatThreshold(threshold)),
    ).toEqual(['above 35 %', 'below -30 %', 'above 0.05 %', 'below 7 %'])
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

describe('a screen', () => {
  it('is 100 columns wide: what is found by `doctor` goes on below', () => {
    const message = `${'/a/long/path/of/a/server/program'.repeat(2)}, ${'/and/another/one'.repeat(3)}`
    expect(healthReport([{ name: 'programs', outcome: 'warning', message, remedy: 'Install it.' }])).toEqual([
      `warning  programs              ${'/a/long/path/of/a/server/program'.repeat(2)},`,
      `                               ${'/and/another/one'.repeat(3)}`,
      '                               Install it.',
      '',
      '0 ok, 1 warnings, 0 problems',
    ])
  })

  it('shows what sets a segment apart below it', () => {
    const segment = { segmentKey: 'shop-1', name: 'One', customers: 10, share: 1, status: 'active' } as const
    const unruled = { rule: null, rulePrecision: null, ruleCoverage: null }
    const listed = { ...segment, ...unruled, criteria: 'monetary 3 × the average', firstAsOf: '2026-10-01T00:00:00Z' }
    expect(segmentList([listed, { ...listed, criteria: '' }], 'UTC')).toEqual([
      'Segment  Customers    Share  Key     Status  Since',
      'One             10  100.0 %  shop-1  active  2026-10-01',
      '  monetary 3 × the average',
      'One             10  100.0 %  shop-1  active  2026-10-01',
    ])
  })

  it('shows the rule of a segment with what it is worth, and how far the rules of all go', () => {
    const listed: ListedSegment = {
      ...{ segmentKey: 'shop-1', name: 'One', customers: 30, share: 0.75, status: 'active', criteria: '' },
      ...{ firstAsOf: '2026-10-01T00:00:00Z', rule: 'recency up to 30 days', rulePrecision: 0.9, ruleCoverage: 0.8 },
    }
    const other = { ...listed, segmentKey: 'shop-2', name: 'Two', customers: 10, share: 0.25, rule: null }
    const gone = { ...listed, customers: 0, status: 'retired' as const }
    // 24 of 40 customers.
    expect(
      segmentList([listed, { ...other, ruleCoverage: null }, gone], 'UTC').filter((line) => !line.includes('shop-')),
    ).toEqual([
      'Segment  Customers   Share  Key     Status   Since',
      '  rule: recency up to 30 days (90.0 % of these are in it, and 80.0 % of it are these)',
      '  rule: recency up to 30 days (90.0 % of these are in it, and 80.0 % of it are these)',
      '',
      'Rules put 60.0 % of the customers into their segment.',
    ])
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
