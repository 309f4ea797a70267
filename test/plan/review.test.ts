import { describe, expect, it } from 'vitest'
import { dueReviews, type ReviewableRun, windowEnd } from '../../src/plan/review.ts'
import { reviewConfig } from '../../src/plan/review-config.ts'
import { reviewIdOf } from '../../src/plan/review-input.ts'
import { makeDefinition } from '../workflows/definition.ts'

const berlin = { pipeline: 'shop', timezone: 'Europe/Berlin' }
const settings = (window: string) => reviewConfig.parse({ window })
const quarter = settings('1 quarter')

const run = (asOf: string, facts: Partial<ReviewableRun> = {}): ReviewableRun => ({
  ...{ runKey: `shop@${asOf.slice(0, 10)}`, revision: 1, kind: 'refit', asOf, isReviewed: false },
  ...facts,
})

describe('the window of a review', () => {
  it.each([
    // Midnight in Berlin: 22:00 UTC in summer, 23:00 in winter.
    ['1 quarter', '2026-09-30T22:00:00Z', '2026-12-31T23:00:00Z'],
    ['90 days', '2026-09-30T22:00:00Z', '2026-12-29T23:00:00Z'],
    ['1 month', '2026-01-30T23:00:00Z', '2026-02-27T23:00:00Z'],
    ['2 years', '2024-02-28T23:00:00Z', '2026-02-27T23:00:00Z'],
  ])('of %s from %s ends at %s, by the calendar of the zone', (window, asOf, end) => {
    expect(windowEnd(berlin, settings(window), asOf)).toBe(end)
  })

  it.each(['0 days', '1 fortnight', '90', '1.5 quarters'])('is not %s', (window) => {
    expect(reviewConfig.safeParse({ window }).success).toBe(false)
  })
})

describe('reviews that are due', () => {
  const [q2, q3, q4] = ['2026-03-31T22:00:00Z', '2026-06-30T22:00:00Z', '2026-09-30T22:00:00Z'] as const

  it('are of runs whose window is over and known by the earliest later run, in any order of publishing', () => {
    const due = dueReviews(berlin, quarter, [run(q4), run(q2), run(q3)])
    expect(due.map(({ run: of, judge, until }) => [of.runKey, judge.runKey, until])).toEqual([
      ['shop@2026-03-31', 'shop@2026-06-30', q3],
      ['shop@2026-06-30', 'shop@2026-09-30', q4],
    ])
  })

  it('never rest on a run that looks from before the end of the window', () => {
    expect(dueReviews(berlin, quarter, [run(q3), run('2026-09-30T21:59:59Z')])).toEqual([])
  })

  it('wait where a run was missed for the next that knows, and then look no further than the window', () => {
    const [due] = dueReviews(berlin, quarter, [run(q2), run(q4)])
    expect(due).toMatchObject({ judge: { runKey: 'shop@2026-09-30' }, from: q2, until: q3 })
  })

  it('leave out what was reviewed and score runs, which may judge all the same', () => {
    const score = run('2026-07-14T22:00:00Z', { kind: 'score', runKey: 'shop@2026-07-15.score' })
    const month = settings('1 month')
    expect(dueReviews(berlin, quarter, [run(q2, { isReviewed: true }), run(q3)])).toEqual([])
    expect(dueReviews(berlin, month, [run('2026-05-31T22:00:00Z'), score]).map(({ judge }) => judge.runKey)).toEqual([
      'shop@2026-07-15.score',
    ])
  })
})

describe('the Workflow Id of a review', () => {
  it('names the publication that asks, or what somebody asks for', () => {
    const definition = makeDefinition({ targetName: 'dev' })
    const of = { runKey: 'shop@2026-10-01', revision: 1 }
    expect(reviewIdOf('dev', { definition, after: of })).toBe('dev/review/shop/after/shop@2026-10-01~1')
    expect(reviewIdOf('dev', { definition, run: of })).toBe('dev/review/shop/shop@2026-10-01~1')
    expect(reviewIdOf('prod', { definition })).toBe('review/shop')
  })
})
