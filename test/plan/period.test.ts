import { describe, expect, it } from 'vitest'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import { lastPeriodEnd, periodOf, resolveAsOf, runKeyOf } from '../../src/plan/period.ts'
import { kindOfRunKey, parseRunId, runArguments } from '../../src/run/run-key.ts'
import { makeDefinition } from '../workflows/definition.ts'

const berlin = makeDefinition().pipeline
const monthly = makeDefinition({ refit: 'month' }).pipeline
const unscheduled = makeDefinition({ refit: null }).pipeline
const utc = makeDefinition({ zone: 'UTC' }).pipeline

// Offsets from the IANA tables: Berlin is UTC+2 from the last Sunday of March to that of October, else UTC+1.
describe('an as-of', () => {
  it.each([
    ['2026-10-01', '2026-09-30T22:00:00Z'],
    ['2026-01-01', '2025-12-31T23:00:00Z'],
    ['2028-02-29', '2028-02-28T23:00:00Z'],
    ['2026-10-01T06:00:00Z', '2026-10-01T06:00:00Z'],
    ['2026-10-01T06:00+02:00', '2026-10-01T04:00:00Z'],
  ])('%s is %s in Berlin', (text, instant) => {
    expect(resolveAsOf(berlin, text)).toBe(instant)
  })

  it.each(['2026-13-01', '2027-02-29', 'yesterday', '2026-10-01T06:00', '2026-10-01T06:00:00.5Z', '', '2026-Q3'])(
    '"%s" is refused, quoted',
    (text) => {
      expect(() => resolveAsOf(berlin, text)).toThrow(ConfigInvalid)
      expect(() => resolveAsOf(berlin, text)).toThrow(`"${text}"`)
    },
  )

  it('in a zone that does not exist is refused, quoted', () => {
    expect(() => resolveAsOf(makeDefinition({ zone: 'Europe/Berlino' }).pipeline, '2026-10-01')).toThrow(
      '"Europe/Berlino"',
    )
  })

  it('is the start of the day where summer time skips midnight', () => {
    // Cairo, 24 April 2026: clocks go from 00:00 to 01:00 (UTC+3).
    const cairo = makeDefinition({ zone: 'Africa/Cairo' }).pipeline
    const asOf = resolveAsOf(cairo, '2026-04-24')
    expect(asOf).toBe('2026-04-23T22:00:00Z')
    expect(runKeyOf(cairo, asOf)).toBe('shop@2026-04-24')
  })
})

describe('a scheduled start', () => {
  it.each([
    ['2026-10-01T04:00:00Z', '2026-09-30T22:00:00Z'],
    ['2026-11-15T10:00:00Z', '2026-09-30T22:00:00Z'],
    ['2026-12-31T22:59:59Z', '2026-09-30T22:00:00Z'],
    ['2026-12-31T23:00:00Z', '2026-12-31T23:00:00Z'],
  ])('of a quarter at %s looks from %s, however late it is', (start, asOf) => {
    expect(lastPeriodEnd(berlin, start)).toBe(asOf)
  })

  it('of a month looks from the start of that month in the zone', () => {
    expect(lastPeriodEnd(monthly, '2026-09-30T22:30:00Z')).toBe('2026-09-30T22:00:00Z')
    expect(lastPeriodEnd(monthly, '2026-09-30T21:30:00Z')).toBe('2026-08-31T22:00:00Z')
  })

  it('is refused for a pipeline without a schedule', () => {
    expect(() => lastPeriodEnd(unscheduled, '2026-10-01T04:00:00Z')).toThrow(/no schedule/)
  })
})

describe('the names of a run', () => {
  it('are the day in the zone and the period it closes', () => {
    const asOf = resolveAsOf(berlin, '2026-10-01')
    expect([runKeyOf(berlin, asOf), periodOf(berlin, asOf)]).toEqual(['shop@2026-10-01', '2026-Q3'])
    expect(periodOf(monthly, asOf)).toBe('2026-09')
    expect(periodOf(berlin, resolveAsOf(berlin, '2027-01-01'))).toBe('2026-Q4')
  })

  it('have a time without a colon when it is not the start of a day in the zone', () => {
    expect(runKeyOf(utc, '2026-10-01T06:00:00Z')).toBe('shop@2026-10-01T0600')
    expect(runKeyOf(utc, '2026-10-01T06:00:30Z')).toBe('shop@2026-10-01T060030')
    expect(runKeyOf(berlin, '2026-10-01T00:00:00Z')).toBe('shop@2026-10-01T0200')
  })

  it('have the as-of for a period when it closes none', () => {
    expect(periodOf(berlin, resolveAsOf(berlin, '2026-11-15'))).toBe('2026-11-15')
    expect(periodOf(unscheduled, resolveAsOf(unscheduled, '2026-10-01'))).toBe('2026-10-01')
  })
})

describe('a score run', () => {
  const scored = (score?: 'day' | 'week' | 'month') => ({ ...berlin, schedule: { ...berlin.schedule!, score } })

  // Thursday, 15 October 2026, 06:00 in Berlin.
  it.each([
    [undefined, '2026-10-14T22:00:00Z'],
    ['day', '2026-10-14T22:00:00Z'],
    ['week', '2026-10-11T22:00:00Z'],
    ['month', '2026-09-30T22:00:00Z'],
  ] as const)('looks from the start of the %s in the zone of the pipeline', (score, asOf) => {
    expect(lastPeriodEnd(scored(score) as never, '2026-10-15T04:00:00Z', 'score')).toBe(asOf)
  })

  it('needs no schedule', () => {
    expect(lastPeriodEnd(unscheduled, '2026-10-15T04:00:00Z', 'score')).toBe('2026-10-14T22:00:00Z')
  })

  it('has a key of its own, that commands read and write', () => {
    const runKey = runKeyOf(berlin, '2026-10-14T22:00:00Z', 'score')
    expect(runKey).toBe('shop@2026-10-15.score')
    expect([kindOfRunKey(runKey), kindOfRunKey('shop@2026-10-15')]).toEqual(['score', 'refit'])
    expect(parseRunId(`${runKey}~2`)).toEqual({ pipeline: 'shop', runKey, revision: 2 })
    expect(runArguments(runKey, '2026-10-14T22:00:00Z')).toBe('shop --as-of 2026-10-15 --score')
    const withTime = runKeyOf(berlin, '2026-10-15T04:00:00Z', 'score')
    expect(runArguments(withTime, '2026-10-15T04:00:00Z')).toBe('shop --as-of 2026-10-15T04:00:00Z --score')
    expect(runArguments('shop', '', 'refit')).toBe('shop --as-of YYYY-MM-DD')
  })
})
