import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCron } from '../../src/plan/cron.ts'
import { lastPeriodEnd, periodOf, resolveAsOf } from '../../src/plan/period.ts'
import type { Pipeline } from '../../src/plan/pipeline.ts'
import { longestPeriodDays, nextStarts, startsUntil } from '../../src/plan/planned-starts.ts'
import { type Schedule, scheduleConfig } from '../../src/plan/schedule.ts'
import { endAfter, endNotAfter, rhythmOf } from '../../src/plan/rhythm.ts'
import { makeDefinition } from '../workflows/definition.ts'

function scheduled(schedule: Partial<Schedule>, timezone = 'Europe/Berlin'): Pipeline {
  return { ...makeDefinition().pipeline, schedule: scheduleConfig.parse({ refit: 'quarter', timezone, ...schedule }) }
}

describe('periods', () => {
  const rhythm = fc
    .record({
      period: fc.constantFrom(
        'day',
        'week',
        'month',
        'quarter',
        '0 6 2 1,7 *',
        '30 2 * * *',
        '0 0 * * mon',
        '5 1 29 2 *',
      ),
      firstMonth: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ period, firstMonth }) => rhythmOf(period.includes(' ') ? { cron: period } : (period as 'day'), firstMonth))

  it('follow one another without a gap: every instant is in one, in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        rhythm,
        fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2037, 0) }),
        (zone, of, instant) => {
          const [begin, end] = [endNotAfter(of, zone, instant), endAfter(of, zone, instant)]
          expect(begin).toBeLessThanOrEqual(instant)
          expect(end).toBeGreaterThan(instant)
          // However late in a period one looks, it begins at the same instant.
          expect(endNotAfter(of, zone, end - 1)).toBe(begin)
          expect(endNotAfter(of, zone, end)).toBe(end)
          expect(endAfter(of, zone, begin)).toBe(end)
        },
      ),
      { numRuns: 600 },
    )
  })

  // By hand: Havana goes back from 01:00 to 00:00 on 1 November 2026, so that midnight comes at 04:00Z and again at 05:00Z.
  it('begin at the first of two midnights, from whichever side one looks', () => {
    const monthly = scheduled({ refit: 'month' }, 'America/Havana')
    for (const instant of ['2026-11-01T04:00:00Z', '2026-11-01T05:30:00Z', '2026-11-20T12:00:00Z'])
      expect(lastPeriodEnd(monthly, instant)).toBe('2026-11-01T04:00:00Z')
    expect(lastPeriodEnd(monthly, '2026-11-01T03:59:59Z')).toBe('2026-10-01T04:00:00Z')
  })

  // By hand. A fiscal year is named after the year it ends in; ISO weeks: 1 January 2027 is a Friday of week 53.
  it.each([
    [{ firstMonth: 7 }, '2026-10-01', 'FY27-Q1'],
    [{ firstMonth: 7 }, '2026-07-01', 'FY26-Q4'],
    [{ firstMonth: 2 }, '2026-05-01', 'FY27-Q1'],
    [{ firstMonth: 2 }, '2027-02-01', 'FY27-Q4'],
    [{ firstMonth: 12 }, '2026-12-01', 'FY26-Q4'],
    [{ firstMonth: 12 }, '2027-03-01', 'FY27-Q1'],
    [{ firstMonth: 1 }, '2027-01-01', '2026-Q4'],
    [{ refit: 'week' }, '2027-01-04', '2026-W53'],
    [{ refit: 'week' }, '2026-10-05', '2026-W40'],
    [{ refit: 'month' }, '2028-03-01', '2028-02'],
    [{ firstMonth: 2 }, '2026-07-01', '2026-07-01'],
    [{ refit: { cron: '0 0 2 1,7 *' } }, '2026-07-02', '2026-07-02'],
  ] as const)('%j: what ends at %s is called %s', (schedule, day, name) => {
    const pipeline = scheduled(schedule)
    expect(periodOf(pipeline, resolveAsOf(pipeline, day))).toBe(name)
  })
})

describe('planned starts', () => {
  const texts = (pipeline: Pipeline, after: string, count: number) =>
    nextStarts(pipeline, after, count).map(({ kind, startsAt, asOf, period }) => [kind, startsAt, asOf, period])

  // By hand; Berlin is UTC+2 in summer.
  it('are the first day after the period, and look from its end', () => {
    expect(texts(scheduled({ firstMonth: 2 }), '2026-10-15T00:00:00Z', 2)).toEqual([
      ['refit', '2026-11-01T05:00:00Z', '2026-10-31T23:00:00Z', 'FY27-Q3'],
      ['refit', '2027-02-01T05:00:00Z', '2027-01-31T23:00:00Z', 'FY27-Q4'],
    ])
  })

  it('are still ahead on the first day before the clock strikes', () => {
    expect(texts(scheduled({}), '2026-10-01T03:59:59Z', 1)[0]![1]).toBe('2026-10-01T04:00:00Z')
    expect(texts(scheduled({}), '2026-10-01T04:00:00Z', 1)[0]![1]).toBe('2027-01-01T05:00:00Z')
  })

  it('of score runs give way to a refit of the same instant', () => {
    const starts = texts(scheduled({ score: 'day' }), '2026-09-29T12:00:00Z', 3)
    expect(starts.map(([kind, at]) => [kind, at])).toEqual([
      ['score', '2026-09-30T04:00:00Z'],
      ['refit', '2026-10-01T04:00:00Z'],
      ['score', '2026-10-02T04:00:00Z'],
    ])
  })

  // By hand: on 28 March 2027 clocks in Berlin go from 02:00 to 03:00, at 01:00Z.
  it('that clocks skip happen right after', () => {
    const starts = texts(scheduled({ score: 'day', at: '02:30' }), '2027-03-27T12:00:00Z', 2)
    expect(starts.map(([, at]) => at)).toEqual(['2027-03-28T01:00:00Z', '2027-03-29T00:30:00Z'])
  })

  it('of a cron expression look from their own instant', () => {
    expect(texts(scheduled({ refit: { cron: '0 6 2 1,7 *' } }), '2026-10-15T00:00:00Z', 2)).toEqual([
      ['refit', '2027-01-02T05:00:00Z', '2027-01-02T05:00:00Z', '2027-01-02T0600'],
      ['refit', '2027-07-02T04:00:00Z', '2027-07-02T04:00:00Z', '2027-07-02T0600'],
    ])
  })

  it('come once a leap day, and as often as a span has them', () => {
    const leap = scheduled({ refit: { cron: '0 0 29 2 *' } }, 'UTC')
    expect(texts(leap, '2026-01-01T00:00:00Z', 2).map(([, at]) => at)).toEqual([
      '2028-02-29T00:00:00Z',
      '2032-02-29T00:00:00Z',
    ])
    const weekly = scheduled({ refit: 'week' }, 'UTC')
    expect(startsUntil(weekly, 'refit', '2026-01-01T00:00:00Z', { until: '2026-12-31T23:59:59Z' })).toHaveLength(52)
    expect([longestPeriodDays(weekly), longestPeriodDays(scheduled({})), longestPeriodDays(leap)]).toEqual([
      7, 92, 2921,
    ])
  })
})

describe('a cron expression', () => {
  it('has lists, ranges, steps and names', () => {
    expect(parseCron('*/20 9-17/4 * JAN,jul-Aug mon,7')).toEqual({
      minutes: [0, 20, 40],
      hours: [9, 13, 17],
      days: Array.from({ length: 31 }, (_, index) => index + 1),
      months: [1, 7, 8],
      weekdays: [0, 1],
    })
  })

  it.each([
    ['0 6 * *', /4 fields/],
    ['60 6 * * *', /"60" is no minute/],
    ['0 6 2-1 * *', /"2-1" is no day of month/],
    ['0 6 1 * mon', /a day of month and a day of week/],
    ['0 6 31 2,4 *', /no month of it has/],
    ['@daily', /1 fields/],
  ])('%s is refused, and why is said', (text, why) => {
    const parsed = parseCron(text)
    expect('problem' in parsed && parsed.problem).toMatch(why)
  })
})
